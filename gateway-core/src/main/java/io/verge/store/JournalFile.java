package io.verge.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * A file of {@link JournalPages} that has its blocks from the start: a commit is one write of whole
 * pages and one {@code fdatasync}, and needs no room on the disk. Around and around; who writes
 * says what may be written over. Locked while open. Store thread only.
 */
final class JournalFile implements AutoCloseable {
  static final String SUFFIX = "-commits";

  /** Two minutes of commits of a second, before the database must take them. */
  static final int PAGES = 128;

  static final int BYTES = PAGES * JournalPages.PAGE;

  private static final String MAKING = ".new";

  /** Opens files; tests open ones that fail. */
  interface Channels {
    FileChannel open(Path path, OpenOption... options) throws IOException;
  }

  static final Channels DISK = FileChannel::open;

  private final FileChannel channel;
  private final long epoch;
  private int next;

  private JournalFile(FileChannel channel, long epoch) {
    this.channel = channel;
    this.epoch = epoch;
  }

  static Path of(Path database) {
    return database.resolveSibling(database.getFileName() + SUFFIX);
  }

  /**
   * Makes a file of empty pages, all of it and its name on the disk when this returns.
   *
   * @throws IOException if that can't be done, or a file is there.
   */
  static JournalFile create(Path path, long epoch, Channels channels)
      throws IOException, StoreException {
    if (Files.exists(path)) {
      throw new IOException(path + " is there already");
    }
    Path making = path.resolveSibling(path.getFileName() + MAKING);
    try {
      fill(making, epoch, channels);
      Files.move(making, path, StandardCopyOption.ATOMIC_MOVE);
      forceFolder(path, channels);
    } catch (IOException e) {
      giveUp(making, e);
      throw e;
    }
    return open(path, epoch, channels);
  }

  private static void fill(Path making, long epoch, Channels channels) throws IOException {
    byte[] empty = JournalPages.empty(epoch);
    ByteBuffer pages = ByteBuffer.allocate(BYTES);
    for (int i = 0; i < PAGES; i++) {
      pages.put(empty);
    }
    try (FileChannel out =
        channels.open(
            making,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      write(out, pages.flip(), 0);
      out.force(true);
    }
  }

  /** Nothing was ever committed to a file that is not made: it may go. */
  private static void giveUp(Path making, IOException cause) {
    try {
      Files.deleteIfExists(making);
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  /**
   * Opens a file, whatever is in it, for this process alone.
   *
   * @throws StoreException if another process has it.
   */
  static JournalFile open(Path path, long epoch, Channels channels)
      throws IOException, StoreException {
    FileChannel channel = channels.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    boolean isLocked;
    try {
      isLocked = channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      isLocked = false;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    if (!isLocked) {
      channel.close();
      throw new StoreException(
          "cannot open " + path + ": another gateway has it", StoreException.Kind.LOCKED);
    }
    return new JournalFile(channel, epoch);
  }

  /** Everything in it; of a file longer than it may be, as much as is ever written. */
  byte[] bytes() throws IOException {
    return bytes(channel);
  }

  private static byte[] bytes(FileChannel in) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(in.size(), BYTES + 1L));
    int read = 0;
    while (bytes.hasRemaining() && read >= 0) {
      read = in.read(bytes, bytes.position());
    }
    return Arrays.copyOf(bytes.array(), bytes.position());
  }

  /** The same of a file that was put aside. */
  static byte[] bytesOf(Path aside) throws IOException {
    try (FileChannel in = FileChannel.open(aside, StandardOpenOption.READ)) {
      return bytes(in);
    }
  }

  /** Where the next record begins: page {@code page}. */
  void goOnAt(int page) {
    next = page;
  }

  int next() {
    return next;
  }

  /** Writes a record; it is on the disk when this returns. After an error that is not known. */
  void write(long number, byte[] record) throws IOException {
    byte[] pages = JournalPages.record(epoch, number, record);
    int here = Math.min(pages.length, (PAGES - next) * JournalPages.PAGE);
    write(channel, ByteBuffer.wrap(pages, 0, here), (long) next * JournalPages.PAGE);
    write(channel, ByteBuffer.wrap(pages, here, pages.length - here), 0);
    channel.force(false);
    next = (next + pages.length / JournalPages.PAGE) % PAGES;
  }

  private static void write(FileChannel channel, ByteBuffer bytes, long from) throws IOException {
    long at = from;
    while (bytes.hasRemaining()) {
      at += channel.write(bytes, at);
    }
  }

  /** A new name is on the disk once its folder is. */
  static void forceFolder(Path path, Channels channels) throws IOException {
    Path folder = path.toAbsolutePath().getParent();
    if (folder != null) {
      try (FileChannel channel = channels.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
