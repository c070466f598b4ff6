package io.verge.autonomy;

import java.util.ArrayList;
import java.util.List;

/**
 * When a container will be full, from its own past: how much it filled in times as long as the one
 * asked about, told by their quantiles. Times in which it was emptied, or in which nothing was
 * read, do not count.
 *
 * @param fill per cent now.
 * @param days until it is full, most likely; 0: it is.
 * @param earliestDays one time in ten it is full before.
 * @param latestDays one time in ten it is full after; infinite: it may not fill at all.
 * @param windows how many stretches of the past speak for it.
 */
public record FillForecast(
    double fill, double days, double earliestDays, double latestDays, int windows) {
  /**
   * One reading.
   *
   * @param ms any time axis, rising.
   * @param fill per cent.
   */
  public record Level(long ms, double fill) {}

  private static final double DAY_MS = 86_400_000;

  /** A fall of so many per cent between two levels is an emptying, or a sensor seen to err. */
  private static final double EMPTIED = 15;

  /** Nothing read for so long: what happened then is not known. */
  private static final long HOLE_MS = 12 * 3_600_000L;

  private static final int SMOOTH = 5;
  private static final int WINDOWS_LEAST = 6;
  private static final long LONGEST_DAYS = 14;

  /** Nothing can be told: no reading, or less than a day of them in one piece. */
  public static final FillForecast NONE =
      new FillForecast(Double.NaN, Double.NaN, Double.NaN, Double.NaN, 0);

  public boolean isKnown() {
    return windows > 0;
  }

  /**
   * @param past in order of time; good readings only.
   * @param full per cent at which it counts as full.
   */
  public static FillForecast of(List<Level> past, double full) {
    List<Level> smooth = smooth(past);
    if (smooth.isEmpty()) {
      return NONE;
    }
    double fill = smooth.get(smooth.size() - 1).fill();
    long span = (long) DAY_MS;
    List<Double> rates = rates(smooth, span);
    if (rates.isEmpty()) {
      return NONE;
    }
    if (fill >= full) {
      return new FillForecast(fill, 0, 0, 0, rates.size());
    }
    long days = Math.round(days(full - fill, quantile(rates, 0.5)));
    for (long tried = Math.min(LONGEST_DAYS, days); tried > 1; tried--) {
      List<Double> longer = rates(smooth, (long) (tried * DAY_MS));
      if (longer.size() >= WINDOWS_LEAST) {
        rates = longer;
        break;
      }
    }
    return new FillForecast(
        fill,
        days(full - fill, quantile(rates, 0.5)),
        days(full - fill, quantile(rates, 0.9)),
        days(full - fill, quantile(rates, 0.1)),
        rates.size());
  }

  private static double days(double missing, double aDay) {
    return aDay <= 0 ? Double.POSITIVE_INFINITY : missing / aDay;
  }

  /** The middle of each reading and its neighbours: a bottle below the sensor is no glass. */
  private static List<Level> smooth(List<Level> past) {
    List<Level> smooth = new ArrayList<>();
    for (int i = 0; i < past.size(); i++) {
      int from = Math.max(0, Math.min(i - SMOOTH / 2, past.size() - SMOOTH));
      double[] around =
          past.subList(from, Math.min(past.size(), from + SMOOTH)).stream()
              .mapToDouble(Level::fill)
              .sorted()
              .toArray();
      smooth.add(new Level(past.get(i).ms(), around[around.length / 2]));
    }
    return smooth;
  }

  /** Per cent a day in every stretch of that length, a quarter of it apart, sorted. */
  private static List<Double> rates(List<Level> levels, long span) {
    List<Double> rates = new ArrayList<>();
    int end = 0;
    int broken = 0;
    long next = Long.MIN_VALUE;
    for (int begin = 0; begin < levels.size(); begin++) {
      end = Math.max(end, begin);
      while (end + 1 < levels.size() && levels.get(end).ms() - levels.get(begin).ms() < span) {
        end++;
        if (isBreak(levels.get(end - 1), levels.get(end))) {
          broken = end;
        }
      }
      long lasted = levels.get(end).ms() - levels.get(begin).ms();
      if (lasted >= span && broken <= begin && levels.get(begin).ms() >= next) {
        rates.add((levels.get(end).fill() - levels.get(begin).fill()) / (lasted / DAY_MS));
        next = levels.get(begin).ms() + span / 4;
      }
    }
    rates.sort(null);
    return rates;
  }

  private static boolean isBreak(Level before, Level after) {
    return before.fill() - after.fill() >= EMPTIED || after.ms() - before.ms() > HOLE_MS;
  }

  private static double quantile(List<Double> sorted, double share) {
    double at = share * (sorted.size() - 1);
    int below = (int) at;
    int above = Math.min(sorted.size() - 1, below + 1);
    return sorted.get(below) + (at - below) * (sorted.get(above) - sorted.get(below));
  }
}
