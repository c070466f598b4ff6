package io.verge.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * What the store takes on disk, to the byte: database, write-ahead log, its index, journal file,
 * and the ballast, a file of nothing that is given up so that a full disk can still be tidied.
 * Store thread only.
 */
final class Space {
  private static final int BLOCK = 64 * 1024;

  private final Database database;
  private final @Nullable Path file;

  Space(Database database, @Nullable Path file) {
    this.database = database;
    this.file = file;
  }

  /** Sets what SQLite itself enforces; below what there is it takes effect as the file shrinks. */
  void limit(Limits limits) throws StoreException {
    database.read(
        "limit the store",
        () -> {
          database.execute("PRAGMA wal_autocheckpoint=" + limits.walPages());
          return database.number("PRAGMA max_page_count=" + limits.hardPages());
        });
  }

  /** Pages that hold something. */
  long usedPages() throws StoreException {
    return database.read(
        "measure the store",
        () -> database.number("PRAGMA page_count") - database.number("PRAGMA freelist_count"));
  }

  /** Pages of the file, free ones included. */
  long filePages() throws StoreException {
    return database.read("measure the store", () -> database.number("PRAGMA page_count"));
  }

  /** Everything on disk that is the store's. */
  long bytes() throws StoreException {
    if (file == null) {
      return filePages() * Database.PAGE;
    }
    return size(file)
        + size(beside(file, "-wal"))
        + size(beside(file, "-shm"))
        + size(beside(file, JournalFile.SUFFIX))
        + size(ballast());
  }

  long walBytes() {
    return file == null ? 0 : size(beside(file, "-wal"));
  }

  /** What the file system has left. */
  long free() {
    return file == null ? Long.MAX_VALUE : file.toAbsolutePath().toFile().getUsableSpace();
  }

  private static Path beside(Path file, String suffix) {
    return file.resolveSibling(file.getFileName() + suffix);
  }

  private Path ballast() {
    return beside(java.util.Objects.requireNonNull(file), "-ballast");
  }

  /** A file that is not there has no bytes. */
  private static long size(Path path) {
    return path.toFile().length();
  }

  /** Whether it is of the size the limit wants: after a higher limit it is too large. */
  boolean hasBallast(Limits limits) {
    return file == null || size(ballast()) == limits.ballastBytes();
  }

  /** Takes up the ballast's blocks, really: a hole would free nothing when it goes. */
  void takeBallast(Limits limits) throws StoreException {
    if (file == null) {
      return;
    }
    byte[] block = new byte[BLOCK];
    java.util.Arrays.fill(block, (byte) 'V');
    try (FileChannel out =
        FileChannel.open(
            ballast(),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      for (long left = limits.ballastBytes(); left > 0; left -= BLOCK) {
        ByteBuffer bytes = ByteBuffer.wrap(block, 0, (int) Math.min(BLOCK, left));
        while (bytes.hasRemaining()) {
          out.write(bytes);
        }
      }
    } catch (IOException e) {
      StoreException failed = new StoreException("cannot set ballast aside: " + e.getMessage(), e);
      dropBallast(failed);
      throw failed;
    }
  }

  /** Gives the ballast up; false if there was none. */
  boolean dropBallast() throws StoreException {
    try {
      return file != null && Files.deleteIfExists(ballast());
    } catch (IOException e) {
      throw new StoreException("cannot give up the ballast: " + e.getMessage(), e);
    }
  }

  private void dropBallast(StoreException cause) {
    try {
      dropBallast();
    } catch (StoreException e) {
      cause.addSuppressed(e);
    }
  }

  /** Gives free pages at the end of the file back to the file system. */
  void shrink(long pages) throws StoreException {
    database.read(
        "shrink the store",
        () -> {
          database.vacuum(pages);
          return true;
        });
  }

  /** Writes the log back and cuts it to nothing. */
  void emptyLog() throws StoreException {
    try {
      database.execute("PRAGMA wal_checkpoint(TRUNCATE)");
    } catch (SQLException e) {
      throw StoreException.of("write the log back", e);
    }
  }
}
