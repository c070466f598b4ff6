package io.verge.time;

import io.verge.model.Stamp;

/**
 * Stamps what happens now: boot, monotonic milliseconds, and UTC where it is trusted. Any thread.
 */
public final class Stamper {
  private final long boot;
  private final Ticker ticker;
  private final WallClock wall;

  public Stamper(long boot, Ticker ticker, WallClock wall) {
    this.boot = boot;
    this.ticker = ticker;
    this.wall = wall;
  }

  public Stamp now() {
    long monoMs = ticker.millis();
    return wall.isTrusted()
        ? new Stamp(boot, monoMs, wall.utcMs(), wall.uncertaintyMs())
        : new Stamp(boot, monoMs, Stamp.NO_UTC, 0);
  }

  public long boot() {
    return boot;
  }
}
