package io.verge.autonomy;

import java.time.LocalDate;
import java.time.ZoneOffset;

/**
 * Where the sun stands, and when it passes a limit. To the minute as almanacs print it between the
 * polar circles; where it grazes the limit, some minutes off, as refraction is there.
 *
 * <p>Source: NOAA Global Monitoring Laboratory, "Solar Calculation Details" (gml.noaa.gov/grad/
 * solcalc/calcdetails.html) and its spreadsheet NOAA_Solar_Calculations_day.xls, after J. Meeus,
 * Astronomical Algorithms, chapters 25 and 28.
 */
public final class Sun {
  /** Upper limb on the horizon, refraction of 34' included: sunrise and sunset. */
  public static final double HORIZON = -0.833;

  /** Civil twilight begins and ends. */
  public static final double CIVIL = -6;

  private static final double J2000_MS = 946_728_000_000.0;
  private static final double CENTURY_MS = 36_525 * 86_400_000.0;
  private static final long HOUR_MS = 3_600_000;
  private static final long DAY_MS = 24 * HOUR_MS;

  /** Which way the sun goes, if it passes the limit at all. */
  public enum Course {
    PASSES,
    STAYS_ABOVE,
    STAYS_BELOW
  }

  /**
   * One half of a day.
   *
   * @param utcMs when it passes the limit; if it does not: the end of the half where it is nearest
   *     to doing so.
   */
  public record Passage(Course course, long utcMs) {}

  /**
   * Seen from the centre of the earth, at one moment.
   *
   * @param declination radians.
   * @param equationMinutes the equation of time: true less mean solar time.
   */
  private record Position(double declination, double equationMinutes) {}

  private Sun() {}

  private static Position position(long utcMs) {
    double t = (utcMs - J2000_MS) / CENTURY_MS;
    double meanLongitude = Math.toRadians(280.46646 + t * (36_000.76983 + t * 0.0003032));
    double anomaly = Math.toRadians(357.52911 + t * (35_999.05029 - t * 0.0001537));
    double eccentricity = 0.016708634 - t * (0.000042037 + t * 0.0000001267);
    double centre =
        Math.toRadians(
            Math.sin(anomaly) * (1.914602 - t * (0.004817 + t * 0.000014))
                + Math.sin(2 * anomaly) * (0.019993 - t * 0.000101)
                + Math.sin(3 * anomaly) * 0.000289);
    double node = Math.toRadians(125.04 - 1934.136 * t);
    double apparent = meanLongitude + centre - Math.toRadians(0.00569 + 0.00478 * Math.sin(node));
    double meanObliquity =
        23 + (26 + (21.448 - t * (46.815 + t * (0.00059 - t * 0.001813))) / 60) / 60;
    double obliquity = Math.toRadians(meanObliquity + 0.00256 * Math.cos(node));
    double y = Math.pow(Math.tan(obliquity / 2), 2);
    double equation =
        y * Math.sin(2 * meanLongitude)
            - 2 * eccentricity * Math.sin(anomaly)
            + 4 * eccentricity * y * Math.sin(anomaly) * Math.cos(2 * meanLongitude)
            - y * y / 2 * Math.sin(4 * meanLongitude)
            - 1.25 * eccentricity * eccentricity * Math.sin(2 * anomaly);
    return new Position(
        Math.asin(Math.sin(obliquity) * Math.sin(apparent)), 4 * Math.toDegrees(equation));
  }

  /** Degrees of the sun's centre above the horizon of a sphere, without refraction. */
  public static double altitude(long utcMs, double latitude, double longitude) {
    Position sun = position(utcMs);
    double solarMinutes =
        Math.floorMod(utcMs, DAY_MS) / 60_000.0 + sun.equationMinutes() + 4 * longitude;
    double hourAngle = Math.toRadians(solarMinutes / 4 - 180);
    double phi = Math.toRadians(latitude);
    return Math.toDegrees(
        Math.asin(
            Math.sin(phi) * Math.sin(sun.declination())
                + Math.cos(phi) * Math.cos(sun.declination()) * Math.cos(hourAngle)));
  }

  /** When the sun passes the meridian of the place on its date. */
  public static long noon(LocalDate date, double longitude) {
    long mean =
        date.atTime(12, 0).toInstant(ZoneOffset.UTC).toEpochMilli()
            - Math.round(longitude / 15 * HOUR_MS);
    return mean - Math.round(position(mean).equationMinutes() * 60_000);
  }

  /** Between noon of the date and the midnight after: sunset, dusk. */
  public static Passage evening(LocalDate date, Place place, double limit) {
    return passage(noon(date, place.longitude()), midnight(date, place), limit, place);
  }

  /** Between the midnight before noon of the date and that noon: dawn, sunrise. */
  public static Passage morning(LocalDate date, Place place, double limit) {
    return passage(noon(date, place.longitude()), midnight(date.minusDays(1), place), limit, place);
  }

  /** The sun's lowest point in the night that begins on the date. */
  private static long midnight(LocalDate date, Place place) {
    long noon = noon(date, place.longitude());
    return noon + (noon(date.plusDays(1), place.longitude()) - noon) / 2;
  }

  private static Passage passage(long noon, long midnight, double limit, Place place) {
    if (altitude(noon, place.latitude(), place.longitude()) < limit) {
      return new Passage(Course.STAYS_BELOW, noon);
    }
    if (altitude(midnight, place.latitude(), place.longitude()) >= limit) {
      return new Passage(Course.STAYS_ABOVE, midnight);
    }
    long above = noon;
    long below = midnight;
    while (Math.abs(above - below) > 1) {
      long between = above + (below - above) / 2;
      if (altitude(between, place.latitude(), place.longitude()) >= limit) {
        above = between;
      } else {
        below = between;
      }
    }
    return new Passage(Course.PASSES, below);
  }
}
