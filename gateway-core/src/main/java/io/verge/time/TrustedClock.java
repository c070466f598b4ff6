package io.verge.time;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The machine's clock, with what is known of it: believed once the machine's time service says so,
 * or once a back end has told the time.
 */
public final class TrustedClock implements WallClock {
  /** Verge did not exist before: a clock that shows less was never set. 2024-01-01. */
  private static final long EARLIEST_MS = 1_704_067_200_000L;

  /** systemd-timesyncd touches it at every synchronisation. */
  private static final Path TIMESYNC = Path.of("/run/systemd/timesync/synchronized");

  private static final int NTP_UNC_MS = 100;
  private static final int SYSTEM_UNC_MS = 1_000;
  private static final long LOOK_EVERY_NANOS = 10_000_000_000L;

  private final boolean trustSystem;
  private final Ticker ticker;
  private volatile boolean synchronised;
  private volatile long lookNanos;
  private volatile Told told = new Told(0, 0);

  /**
   * What a back end said.
   *
   * @param offsetMs UTC less monotonic milliseconds; 0: nothing yet.
   */
  private record Told(long offsetMs, int uncMs) {}

  /**
   * @param trustSystem whether the machine's clock is believed without proof ({@code
   *     trust="system"}), for machines with a clock of their own.
   */
  public TrustedClock(boolean trustSystem, Ticker ticker) {
    this.trustSystem = trustSystem;
    this.ticker = ticker;
    this.lookNanos = ticker.nanos();
    this.synchronised = Files.exists(TIMESYNC);
  }

  private boolean isMachineTrusted() {
    if (!trustSystem && !synchronised && ticker.nanos() - lookNanos > LOOK_EVERY_NANOS) {
      lookNanos = ticker.nanos();
      synchronised = Files.exists(TIMESYNC);
    }
    return (trustSystem || synchronised) && System.currentTimeMillis() >= EARLIEST_MS;
  }

  @Override
  public long utcMs() {
    return isMachineTrusted() ? System.currentTimeMillis() : ticker.millis() + told.offsetMs();
  }

  @Override
  public boolean isTrusted() {
    return told.offsetMs() != 0 || isMachineTrusted();
  }

  @Override
  public int uncertaintyMs() {
    if (isMachineTrusted()) {
      return synchronised ? NTP_UNC_MS : SYSTEM_UNC_MS;
    }
    return told.uncMs();
  }

  @Override
  public void offer(long utcMs, int uncMs) {
    Told before = told;
    if (utcMs >= EARLIEST_MS && (before.offsetMs() == 0 || uncMs <= before.uncMs())) {
      told = new Told(utcMs - ticker.millis(), uncMs);
    }
  }
}
