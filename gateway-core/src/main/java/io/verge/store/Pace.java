package io.verge.store;

/**
 * How much rarer than configured an uplink wants batches to be sealed.
 *
 * @param telemetry times the flush interval of telemetry, at least 1.
 * @param meter the same of meters.
 * @param leastMs no interval of the two is shorter than this.
 */
public record Pace(int telemetry, int meter, long leastMs) {
  public static final Pace USUAL = new Pace(1, 1, 0);

  /** The rarer of both in each respect. */
  public Pace and(Pace other) {
    return new Pace(
        Math.max(telemetry, other.telemetry),
        Math.max(meter, other.meter),
        Math.max(leastMs, other.leastMs));
  }
}
