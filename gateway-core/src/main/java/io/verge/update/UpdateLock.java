package io.verge.update;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** One update at a time, of an application or of the system, by whichever process. */
final class UpdateLock {
  private UpdateLock() {}

  interface Action<T> {
    T run() throws IOException, UpdateException;
  }

  /**
   * Does something while nobody else updates.
   *
   * @param root holds the lock's file.
   * @throws UpdateException if somebody else does.
   */
  static <T> T holding(Path root, Action<T> action) throws IOException, UpdateException {
    try (FileChannel channel =
            FileChannel.open(
                root.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = tried(channel)) {
      if (lock == null) {
        throw new UpdateException(
            "another update is under way", "wait for it: verge update status says how it stands");
      }
      return action.run();
    }
  }

  private static @Nullable FileLock tried(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException ours) {
      return null;
    }
  }
}
