package io.verge.simulator.street;

/** A household's water as a real meter counted it, moved in time so that no two are alike. */
final class RecordedTap implements Tap {
  private static final long HOUR_MS = 3_600_000;
  private static final int DAYS = 4;

  private final SimulatedClock clock;
  private final Recording pulses;
  private final double cubicMetresAPulse;
  private final long shiftMs;
  private final double atStart;

  /**
   * @param total cubic metres at the start of the street.
   * @param phase 0..1: which day of the recording comes first, up to three hours later or earlier,
   *     and how much a pulse is worth: 0.05 to 0.15 litres.
   */
  RecordedTap(SimulatedClock clock, Recording pulses, double total, double phase) {
    this.clock = clock;
    this.pulses = pulses;
    this.cubicMetresAPulse = (0.05 + 0.1 * phase) / 1000;
    this.shiftMs =
        (long) (phase * DAYS) * 24 * HOUR_MS + (long) ((phase * 7 % 1 - 0.5) * 6 * HOUR_MS);
    this.atStart = total - counted(clock.utcMs());
  }

  private double counted(long utcMs) {
    return pulses.total(utcMs + shiftMs) * cubicMetresAPulse;
  }

  @Override
  public double flow() {
    long now = clock.utcMs();
    return (counted(now) - counted(now - 60_000)) * 60;
  }

  @Override
  public double total() {
    return atStart + counted(clock.utcMs());
  }
}
