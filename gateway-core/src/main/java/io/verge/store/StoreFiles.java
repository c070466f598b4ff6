package io.verge.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens a store whatever state the disk is in: a damaged one is put aside and its successor takes
 * over what drivers kept; where nothing can be written the store lives in memory. Never deleted,
 * never fatal, always reported.
 */
public final class StoreFiles {
  private static final Logger LOG = LoggerFactory.getLogger(StoreFiles.class);
  private static final int KEPT_MAX = 1000;

  /** SQLite's file format, section 1.3: magic, and the number of pages at offset 28. */
  private static final String MAGIC = "SQLite format 3";

  private static final int HEADER = 100;
  private static final int PAGE_COUNT_AT = 28;

  /** The largest limit a configuration may set. */
  private static final long LENGTH_MAX = 1L << 40;

  private static final String DAMAGED = ".damaged-";

  /**
   * An open store.
   *
   * @param quarantined where a damaged file was put, or null.
   */
  public record Opened(Store store, @Nullable String quarantined) {}

  private StoreFiles() {}

  /**
   * @throws StoreException if another process holds the store: two gateways on one file is the one
   *     thing to refuse.
   */
  public static Opened open(Path file, RandomGenerator random) throws StoreException {
    try {
      return new Opened(Store.open(file, random), null);
    } catch (StoreException e) {
      if (e.isLocked()) {
        throw e;
      }
      LOG.error("{}", e.getMessage());
      return e.isDamaged() ? afresh(file, random) : new Opened(Store.inMemory(random), null);
    }
  }

  /** Puts the file aside and opens a new one; in memory, if the disk takes neither. */
  static Opened afresh(Path file, RandomGenerator random) throws StoreException {
    try {
      int number = putAside(file);
      Path aside = aside(file, number);
      lengthen(aside);
      Store store = Store.open(file, random);
      store.adoptKept(SalvagedRows.kept(aside));
      store.adopt(java.util.Map.of(), null, Salvage.Progress.of(number));
      return new Opened(store, aside.toString());
    } catch (IOException | StoreException e) {
      LOG.error("no new store beside the damaged one: {}", e.getMessage());
      return new Opened(Store.inMemory(random), null);
    }
  }

  /**
   * SQLite reads nothing of a file that is shorter than its header says. What is missing becomes a
   * hole at its end; no byte that is there changes.
   */
  private static void lengthen(Path file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer header = ByteBuffer.allocate(HEADER);
      if (channel.read(header, 0) < HEADER
          || !new String(header.array(), 0, MAGIC.length(), StandardCharsets.US_ASCII)
              .equals(MAGIC)) {
        return;
      }
      long wanted = (header.getInt(PAGE_COUNT_AT) & 0xFFFF_FFFFL) * Database.PAGE;
      if (channel.size() < wanted && wanted <= LENGTH_MAX) {
        channel.write(ByteBuffer.wrap(new byte[] {0}), wanted - 1);
      }
    }
  }

  static Path aside(Path file, long number) {
    return file.resolveSibling(file.getFileName() + DAMAGED + number);
  }

  /**
   * Damaged stores beside {@code file}, with their journal files.
   *
   * @return the bytes of each file by its name, in order; at most some thousands.
   */
  public static SortedMap<String, Long> damaged(Path file) throws IOException {
    SortedMap<String, Long> found = new TreeMap<>();
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      return found;
    }
    try (DirectoryStream<Path> paths =
        Files.newDirectoryStream(folder, file.getFileName() + DAMAGED + "*")) {
      for (Path path : paths) {
        found.put(String.valueOf(path.getFileName()), path.toFile().length());
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return found;
  }

  private static int putAside(Path file) throws IOException {
    int n = freeNumber(file);
    Path aside = aside(file, n);
    Files.move(file, aside);
    for (String part : new String[] {"-wal", "-shm", JournalFile.SUFFIX}) {
      Path beside = file.resolveSibling(file.getFileName() + part);
      if (Files.exists(beside)) {
        Files.move(beside, file.resolveSibling(aside.getFileName() + part));
      }
    }
    return n;
  }

  /** The first number under which neither a database nor a journal file was put aside. */
  static int freeNumber(Path file) throws IOException {
    for (int n = 1; n <= KEPT_MAX; n++) {
      Path aside = aside(file, n);
      if (!Files.exists(aside) && !Files.exists(JournalFile.of(aside))) {
        return n;
      }
    }
    throw new IOException(KEPT_MAX + " damaged stores lie beside " + file + " already");
  }
}
