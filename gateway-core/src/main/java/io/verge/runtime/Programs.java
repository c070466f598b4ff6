package io.verge.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Programs of the system, run to their end. */
final class Programs {
  private static final int OUTPUT_MAX = 16 << 10;

  private Programs() {}

  /** How a program ended, and the beginning of what it said, warnings among it. */
  record Ran(int code, String output) {}

  /**
   * @param patienceS seconds it may go on after it has closed its output.
   */
  static Ran run(int patienceS, List<String> command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("MALLOC_ARENA_MAX", "1");
    Process process = builder.start();
    try {
      process.getOutputStream().close();
      String output;
      try (InputStream in = process.getInputStream()) {
        output = new String(in.readNBytes(OUTPUT_MAX), StandardCharsets.UTF_8).strip();
        in.transferTo(OutputStream.nullOutputStream());
      }
      if (!process.waitFor(patienceS, TimeUnit.SECONDS)) {
        throw new IOException(command.get(0) + " did not end within " + patienceS + " s");
      }
      return new Ran(process.exitValue(), output);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while " + command.get(0) + " ran", e);
    } finally {
      process.destroyForcibly();
    }
  }
}
