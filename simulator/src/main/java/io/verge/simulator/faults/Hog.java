package io.verge.simulator.faults;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Somebody else on the disk: a while after a store has begun it takes everything that is left,
 * keeps it for a while and gives it back; a while later the store's process is killed.
 */
final class Hog implements Lives.Stage, AutoCloseable {
  private static final int BLOCK = 4096;
  private static final int BEFORE_MS = 300;
  private static final int FULL_MS = 500;
  private static final int AFTER_MS = 700;
  private static final int LOOK_MS = 50;

  /** Far beyond the pause after a failed commit, on a machine that does much else. */
  private static final int PATIENCE_LOOKS = 60_000 / LOOK_MS;

  private static final double MIB = 1 << 20;

  private final Path file;
  private final Verdict verdict;
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private volatile String failure = "";
  private long fills;
  private long bytes;
  private long commitsWhileFull;
  private volatile long commitsAfter;

  Hog(Path file, Verdict verdict) {
    this.file = file;
    this.verdict = verdict;
  }

  @Override
  public void began(Life life, Process process) {
    timer.schedule(() -> fill(life, process), BEFORE_MS, TimeUnit.MILLISECONDS);
  }

  private void fill(Life life, Process process) {
    ByteBuffer block = ByteBuffer.allocateDirect(BLOCK);
    try (FileChannel out =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      while (file.toFile().getUsableSpace() > 0) {
        bytes += out.write(block.clear());
      }
    } catch (IOException e) {
      // No space left, which is what is wanted; anything else shows as a fill of few bytes.
      failure = bytes == 0 ? String.valueOf(e.getMessage()) : "";
    }
    fills++;
    long commits = life.commits();
    timer.schedule(() -> empty(life, process, commits), FULL_MS, TimeUnit.MILLISECONDS);
  }

  private void empty(Life life, Process process, long before) {
    long commits = life.commits();
    commitsWhileFull += commits - before;
    try {
      Files.delete(file);
    } catch (IOException e) {
      failure = String.valueOf(e.getMessage());
    }
    await(life, process, commits, PATIENCE_LOOKS);
  }

  /** The kill comes a while after the first commit that the room given back has made possible. */
  private void await(Life life, Process process, long before, int looks) {
    if (life.commits() > before || looks == 0 || !process.isAlive()) {
      timer.schedule(() -> end(life, process, before), AFTER_MS, TimeUnit.MILLISECONDS);
    } else {
      timer.schedule(() -> await(life, process, before, looks - 1), LOOK_MS, TimeUnit.MILLISECONDS);
    }
  }

  private void end(Life life, Process process, long before) {
    long after = life.commits() - before;
    commitsAfter += after;
    if (after == 0) {
      verdict.other("life " + life.plan().life() + " did not go on when there was room again");
    }
    Lives.kill(process);
  }

  /** After each life. */
  void check() throws IOException {
    if (!failure.isEmpty()) {
      throw new IOException("the disk could not be filled and emptied: " + failure);
    }
  }

  long fills() {
    return fills;
  }

  double meanMib() {
    return fills == 0 ? 0 : bytes / MIB / fills;
  }

  long commitsWhileFull() {
    return commitsWhileFull;
  }

  long commitsAfter() {
    return commitsAfter;
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
