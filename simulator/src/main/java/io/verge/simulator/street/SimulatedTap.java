package io.verge.simulator.street;

/** A household's water: little at night, most in the morning and the evening. */
final class SimulatedTap implements Tap {
  private static final double PEAK_CUBIC_METRES_HOUR = 0.06;

  private final SimulatedClock clock;
  private final double phase;
  private double total;
  private long lastMs;

  SimulatedTap(SimulatedClock clock, double total, double phase) {
    this.clock = clock;
    this.total = total;
    this.phase = phase;
    this.lastMs = clock.utcMs();
  }

  @Override
  public double flow() {
    double hour = (clock.hour() + phase * 2) % 24;
    double morning = Math.exp(-Math.pow((hour - 7.5) / 1.5, 2));
    double evening = Math.exp(-Math.pow((hour - 19) / 2.5, 2));
    return PEAK_CUBIC_METRES_HOUR * (0.02 + morning + 0.8 * evening) * (0.5 + phase);
  }

  @Override
  public synchronized double total() {
    long now = clock.utcMs();
    total += flow() * (now - lastMs) / 3_600_000.0;
    lastMs = now;
    return total;
  }
}
