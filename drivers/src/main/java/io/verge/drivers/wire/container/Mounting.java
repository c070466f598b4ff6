package io.verge.drivers.wire.container;

import io.verge.driver.Settings;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * How a sensor sits above a container.
 *
 * @param emptyMm distance from sensor to the floor of the empty container.
 * @param fullMm distance at which the container counts as full; less than {@code emptyMm}.
 * @param leastMm the sensor's blind distance.
 * @param mostMm the farthest echo that is believed.
 * @param echoes how many to take the median of.
 * @param air what the air does to the speed of sound; null for light, or where it is not known.
 */
public record Mounting(
    int emptyMm, int fullMm, int leastMm, int mostMm, int echoes, @Nullable Air air) {
  private static final int FARTHEST_MM = 20_000;

  /**
   * The air temperature to reckon with, and the one the sensor reckons with; both in 0.1 degrees
   * Celsius.
   */
  public record Air(int actual, int assumed) {
    /** Speed of sound in mm/s at a temperature in 0.1 degrees: 331.3 + 0.606 T m/s. */
    private static long speed(int tenths) {
      return 331_300 + 606L * tenths / 10;
    }

    int corrected(int distanceMm) {
      long assumedSpeed = speed(assumed);
      return (int) ((distanceMm * speed(actual) + assumedSpeed / 2) / assumedSpeed);
    }
  }

  /**
   * Reads {@code empty_mm}, {@code full_mm} (required), {@code least_mm}, {@code most_mm}, {@code
   * echoes} (5) and, for ultrasound, {@code air_c} with {@code assumed_c} (20).
   *
   * @return null if they make no sense; it has been reported.
   */
  public static @Nullable Mounting of(
      Settings device, long leastMm, long mostMm, boolean ultrasound) {
    int empty = (int) device.integer("empty_mm", leastMm, mostMm, null);
    int full = (int) device.integer("full_mm", leastMm, mostMm, null);
    int least = (int) device.integer("least_mm", 1, mostMm, leastMm);
    int most = (int) device.integer("most_mm", leastMm, FARTHEST_MM, mostMm);
    int echoes = (int) device.integer("echoes", 1, 15, 5L);
    Air air = ultrasound && device.has("air_c") ? air(device) : null;
    if (full >= empty) {
      device.reject(
          "full_mm",
          "full_mm " + full + " is not less than empty_mm " + empty,
          "both are distances from the sensor: a full container is nearer");
      return null;
    }
    return new Mounting(empty, full, least, most, echoes, air);
  }

  private static Air air(Settings device) {
    return new Air(
        tenths(device, "air_c", null), tenths(device, "assumed_c", BigDecimal.valueOf(20)));
  }

  private static int tenths(Settings device, String key, @Nullable BigDecimal fallback) {
    return device
        .decimal(key, BigDecimal.valueOf(-40), BigDecimal.valueOf(70), fallback)
        .movePointRight(1)
        .intValue();
  }

  Mounting at(int empty, int full) {
    return new Mounting(empty, full, leastMm, mostMm, echoes, air);
  }

  boolean isWithin(int distanceMm) {
    return distanceMm >= leastMm && distanceMm <= mostMm;
  }

  int corrected(int distanceMm) {
    Air known = air;
    return known == null ? distanceMm : known.corrected(distanceMm);
  }

  /** Rounded to the nearest percent, 0..100. */
  long fillPercent(int distanceMm) {
    long depth = emptyMm - fullMm;
    long percent = Math.floorDiv(200L * (emptyMm - distanceMm) + depth, 2 * depth);
    return Math.max(0, Math.min(100, percent));
  }
}
