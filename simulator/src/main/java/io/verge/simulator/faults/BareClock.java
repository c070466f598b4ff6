package io.verge.simulator.faults;

import io.verge.time.Ticker;
import io.verge.time.WallClock;

/**
 * The clock of a board without a battery: 1970 after every start, until somebody tells the time.
 */
final class BareClock implements WallClock {
  private static final long MS = 1_000_000;

  private final Ticker ticker;
  private final long startNanos;
  private volatile long offsetMs;
  private volatile int uncMs;
  private volatile boolean told;

  BareClock(Ticker ticker) {
    this.ticker = ticker;
    this.startNanos = ticker.nanos();
  }

  @Override
  public long utcMs() {
    return offsetMs + (ticker.nanos() - startNanos) / MS;
  }

  @Override
  public boolean isTrusted() {
    return told;
  }

  @Override
  public int uncertaintyMs() {
    return uncMs;
  }

  @Override
  public void offer(long utcMs, int unc) {
    if (!told) {
      offsetMs = utcMs - (ticker.nanos() - startNanos) / MS;
      uncMs = unc;
      told = true;
    }
  }
}
