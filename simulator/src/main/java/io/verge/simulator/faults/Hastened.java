package io.verge.simulator.faults;

import io.verge.time.Ticker;
import io.verge.time.WallClock;

/** Real time, and what was skipped: a second between commits need not be waited for. */
final class Hastened implements Ticker, WallClock {
  private static final long BEGIN_UTC_MS = 1_790_000_000_000L;
  private static final long LIFE_MS = 86_400_000;
  private static final int UNCERTAINTY_MS = 20;

  private final long began = System.nanoTime();
  private final long beginUtcMs;
  private long skipped;

  /**
   * @param life every life begins a day after the one before.
   */
  Hastened(int life) {
    beginUtcMs = BEGIN_UTC_MS + life * LIFE_MS;
  }

  void skip(long nanos) {
    skipped += nanos;
  }

  @Override
  public long nanos() {
    return System.nanoTime() - began + skipped;
  }

  @Override
  public void sleepUntil(long deadlineNanos) {
    skip(Math.max(0, deadlineNanos - nanos()));
  }

  @Override
  public long utcMs() {
    return beginUtcMs + millis();
  }

  @Override
  public boolean isTrusted() {
    return true;
  }

  @Override
  public int uncertaintyMs() {
    return UNCERTAINTY_MS;
  }

  @Override
  public void offer(long utcMs, int uncMs) {}
}
