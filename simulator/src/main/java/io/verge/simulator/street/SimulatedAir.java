package io.verge.simulator.street;

/** A street's dust: most in the two rush hours, some of it always. */
final class SimulatedAir {
  private static final double BACKGROUND = 9;
  private static final double RUSH = 26;

  private final SimulatedClock clock;
  private final double phase;

  SimulatedAir(SimulatedClock clock, double phase) {
    this.clock = clock;
    this.phase = phase;
  }

  /** In ug/m3, as the other two. */
  double pm25() {
    double hour = clock.hour();
    double rush =
        Math.exp(-Math.pow((hour - 8) / 1.5, 2)) + Math.exp(-Math.pow((hour - 18) / 2, 2));
    double gusts = 1 + 0.15 * Math.sin(clock.utcMs() / 90_000.0 + 30 * phase);
    return (BACKGROUND + RUSH * rush) * gusts * (0.8 + 0.4 * phase);
  }

  double pm1() {
    return 0.6 * pm25();
  }

  double pm10() {
    return 1.5 * pm25() + 2;
  }
}
