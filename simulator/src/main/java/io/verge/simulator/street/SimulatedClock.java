package io.verge.simulator.street;

import java.util.function.LongSupplier;

/** The street's time of day: starts at a moment and runs at a speed. */
public final class SimulatedClock {
  private final LongSupplier nanos;
  private final long beginNanos;
  private final long beginUtcMs;
  private final double speed;

  public SimulatedClock(LongSupplier nanos, long beginUtcMs, double speed) {
    this.nanos = nanos;
    this.beginNanos = nanos.getAsLong();
    this.beginUtcMs = beginUtcMs;
    this.speed = speed;
  }

  public long utcMs() {
    return beginUtcMs + (long) ((nanos.getAsLong() - beginNanos) / 1e6 * speed);
  }

  /** Hours since midnight UTC. */
  public double hour() {
    return utcMs() % 86_400_000L / 3_600_000.0;
  }
}
