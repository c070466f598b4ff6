package io.verge.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Programs of the system, run to their end. */
final class Programs {
  private static final int OUTPUT_MAX = 16 << 10;

  private Programs() {}

  /** How a program ended, and the beginning of what it said, warnings among it. */
  record Ran(int code, String output) {}

  /**
   * @param patienceS seconds it may take; then it is ended, with whatever it has started.
   * @throws IOException if it can't be started, or has not ended in time.
   */
  static Ran run(int patienceS, List<String> command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("MALLOC_ARENA_MAX", "1");
    Process process = builder.start();
    // What holds the output open without a word would be read for ever.
    AtomicBoolean isLate = new AtomicBoolean();
    CompletableFuture<Void> limit =
        CompletableFuture.runAsync(
            () -> {
              isLate.set(true);
              end(process);
            },
            CompletableFuture.delayedExecutor(patienceS, TimeUnit.SECONDS));
    try {
      process.getOutputStream().close();
      String output;
      try (InputStream in = process.getInputStream()) {
        output = new String(in.readNBytes(OUTPUT_MAX), StandardCharsets.UTF_8).strip();
        in.transferTo(OutputStream.nullOutputStream());
      }
      if (!process.waitFor(patienceS, TimeUnit.SECONDS) || isLate.get()) {
        throw new IOException(command.get(0) + " did not end within " + patienceS + " s");
      }
      return new Ran(process.exitValue(), output);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while " + command.get(0) + " ran", e);
    } finally {
      limit.cancel(false);
      process.destroyForcibly();
    }
  }

  /** By their handles: the streams stay open, and are read to their end. */
  private static void end(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.toHandle().destroyForcibly();
  }
}
