package io.verge.local;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A file beside the control socket while a gateway starts. Until its store is open nobody answers
 * there, and after damage that takes minutes: who asks is told so, and not that nothing runs.
 */
public final class Starting implements AutoCloseable {
  private static final int PID_CHARS_MAX = 10;

  private final Path file;

  private Starting(Path file) {
    this.file = file;
  }

  /**
   * @param socket where the gateway will answer.
   * @throws IOException if the file can't be made.
   */
  public static Starting mark(Path socket) throws IOException {
    Path file = file(socket);
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    Path next = file.resolveSibling(file.getFileName() + ".next");
    Files.writeString(next, Long.toString(ProcessHandle.current().pid()));
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    return new Starting(file);
  }

  /** It answers now, or has given up. */
  @Override
  public void close() throws IOException {
    Files.deleteIfExists(file);
  }

  /** Whether the process that made the file still lives; false where nobody may look. */
  static boolean isUnderWay(Path socket) {
    try (InputStream in = Files.newInputStream(file(socket))) {
      String pid = new String(in.readNBytes(PID_CHARS_MAX), StandardCharsets.US_ASCII);
      return pid.matches("[0-9]+") && ProcessHandle.of(Long.parseLong(pid)).isPresent();
    } catch (IOException notStarting) {
      return false;
    }
  }

  private static Path file(Path socket) {
    return socket.resolveSibling(socket.getFileName() + ".starting");
  }
}
