package io.verge.time;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * The machine's clock, with what is known of it: believed once the machine's time service says so,
 * or once a back end has told the time.
 */
public final class TrustedClock implements WallClock {
  /** Verge did not exist before: a clock that shows less was never set. 2024-01-01. */
  public static final long EARLIEST_MS = 1_704_067_200_000L;

  /** systemd-timesyncd touches it at every synchronisation. */
  private static final Path TIMESYNC = Path.of("/run/systemd/timesync/synchronized");

  private static final int NTP_UNC_MS = 100;
  private static final int SYSTEM_UNC_MS = 1_000;

  /** 100 ppm, which the crystals of such boards keep from -20 to 70 degrees: 8.6 s a day. */
  private static final long DRIFT = 10_000;

  /** What a clock of the machine's own may be off before a back end is believed instead. */
  private static final long CONTRADICTION_MS = 60_000;

  private static final long LOOK_EVERY_NANOS = 10_000_000_000L;

  private final boolean trustSystem;
  private final Ticker ticker;
  private final LongSupplier machine;
  private final BooleanSupplier proof;
  private volatile boolean synchronised;
  private volatile long lookNanos;
  private volatile Told told = new Told(0, 0, 0);

  /**
   * What a back end said.
   *
   * @param offsetMs UTC less monotonic milliseconds; 0: nothing yet.
   * @param uncMs uncertainty at the time it was said.
   * @param atMs when it was said, in monotonic milliseconds.
   */
  private record Told(long offsetMs, int uncMs, long atMs) {
    /** Grown since by the drift of the machine's crystal. */
    int uncMs(long nowMs) {
      return (int) Math.min(Integer.MAX_VALUE, uncMs + (nowMs - atMs) / DRIFT);
    }
  }

  /**
   * @param trustSystem whether the machine's clock is believed without proof ({@code
   *     trust="system"}), for machines with a clock of their own.
   */
  public TrustedClock(boolean trustSystem, Ticker ticker) {
    this(trustSystem, ticker, System::currentTimeMillis, () -> Files.exists(TIMESYNC));
  }

  /**
   * @param proof whether the machine's time service has set its clock.
   */
  TrustedClock(boolean trustSystem, Ticker ticker, LongSupplier machine, BooleanSupplier proof) {
    this.machine = machine;
    this.proof = proof;
    this.trustSystem = trustSystem;
    this.ticker = ticker;
    this.lookNanos = ticker.nanos();
    this.synchronised = proof.getAsBoolean();
  }

  /** Whether the machine's clock was ever set: else it shows 1970, or what a board begins with. */
  public static boolean isMachineSet() {
    return System.currentTimeMillis() >= EARLIEST_MS;
  }

  private boolean isMachineTrusted() {
    if (!trustSystem && !synchronised && ticker.nanos() - lookNanos > LOOK_EVERY_NANOS) {
      lookNanos = ticker.nanos();
      synchronised = proof.getAsBoolean();
    }
    if (synchronised) {
      return machine.getAsLong() >= EARLIEST_MS;
    }
    return trustSystem && machine.getAsLong() >= EARLIEST_MS && !isContradicted();
  }

  /** A clock that nobody set, and a back end that says something else: the back end is right. */
  private boolean isContradicted() {
    Told now = told;
    return now.offsetMs() != 0
        && Math.abs(machine.getAsLong() - ticker.millis() - now.offsetMs())
            > CONTRADICTION_MS + now.uncMs(ticker.millis());
  }

  @Override
  public long utcMs() {
    return isMachineTrusted() ? machine.getAsLong() : ticker.millis() + told.offsetMs();
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
    return told.uncMs(ticker.millis());
  }

  @Override
  public void offer(long utcMs, int uncMs) {
    Told before = told;
    if (utcMs >= EARLIEST_MS
        && (before.offsetMs() == 0 || uncMs <= before.uncMs(ticker.millis()))) {
      long nowMs = ticker.millis();
      told = new Told(utcMs - nowMs, uncMs, nowMs);
    }
  }
}
