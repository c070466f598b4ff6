package io.verge.autonomy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * When a container will be full if nobody empties it, from its own past: how long it took, from
 * moments a few hours apart, to fill by as much as is missing now. Where it was emptied before, or
 * nothing was read, it is only known that it took longer (Kaplan and Meier, 1958). Where it seldom
 * filled by so much, what it filled in a day or longer is carried on.
 *
 * @param fill per cent now.
 * @param days until it is full: half of the past says sooner; 0: it is; infinite: less than half of
 *     the past says at all.
 * @param earliestDays hardly ever in the past it was sooner.
 * @param latestDays hardly ever later; infinite: it may not fill at all. The future is not the
 *     past: on recorded containers some four in five lay within these two.
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
  private static final int PASSAGES_LEAST = 6;
  private static final long BEGINS_APART_MS = 6 * 3_600_000L;

  /**
   * Of the past, left out at each end of the band. This and {@link #FEW} were chosen on one
   * recorded container so that the band holds for four in five of what came there, and judged on
   * another: a year is not steady, and stretches that overlap say less than their number.
   */
  private static final double OUTSIDE = 0.05;

  /** How much wider the band is at each end where one passage speaks for it. */
  private static final double FEW = 0.1;

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
    List<Passage> passages = passages(smooth, full - fill);
    int came = (int) passages.stream().filter(Passage::came).count();
    return came >= PASSAGES_LEAST
        ? repeated(fill, passages, came)
        : carriedOn(smooth, full - fill, rates);
  }

  /** As it went before. */
  private static FillForecast repeated(double fill, List<Passage> passages, int came) {
    double days = quantile(passages, 0.5);
    // Passages that overlap are no more than as many as went one after the other.
    double apart = BEGINS_APART_MS / DAY_MS;
    double alone = Math.max(1, came * apart / Math.max(apart, days));
    double wider = 1 + FEW / Math.sqrt(alone);
    return new FillForecast(
        fill,
        days,
        quantile(passages, OUTSIDE) / wider,
        quantile(passages, 1 - OUTSIDE) * wider,
        came);
  }

  /**
   * How long it took from one moment on.
   *
   * @param came false: longer than this, since it was emptied or nothing was read.
   */
  private record Passage(double days, boolean came) {}

  private static List<Passage> passages(List<Level> levels, double missing) {
    List<Passage> passages = new ArrayList<>();
    long next = Long.MIN_VALUE;
    for (int begin = 0; begin + 1 < levels.size(); begin++) {
      if (levels.get(begin).ms() >= next) {
        next = levels.get(begin).ms() + BEGINS_APART_MS;
        passages.add(passage(levels, begin, missing));
      }
    }
    passages.sort(Comparator.comparingDouble(Passage::days).thenComparing(one -> !one.came()));
    return passages;
  }

  private static Passage passage(List<Level> levels, int begin, double missing) {
    long beginMs = levels.get(begin).ms();
    double wanted = levels.get(begin).fill() + missing;
    int end = begin + 1;
    while (end < levels.size() && !isBreak(levels.get(end - 1), levels.get(end))) {
      if (levels.get(end).fill() >= wanted) {
        return new Passage((levels.get(end).ms() - beginMs) / DAY_MS, true);
      }
      end++;
    }
    return new Passage((levels.get(end - 1).ms() - beginMs) / DAY_MS, false);
  }

  /** After how many days that share had filled, if none had been cut short. */
  private static double quantile(List<Passage> sorted, double share) {
    double left = 1;
    int atRisk = sorted.size();
    for (Passage one : sorted) {
      if (one.came()) {
        left *= (atRisk - 1.0) / atRisk;
        if (1 - left >= share) {
          return one.days();
        }
      }
      atRisk--;
    }
    return Double.POSITIVE_INFINITY;
  }

  /**
   * From the rates of stretches as long as it takes at the usual one, as far as there are some; not
   * before a run of its fastest days, and without an end: it was not seen to fill by so much.
   */
  private static FillForecast carriedOn(List<Level> smooth, double missing, List<Double> daily) {
    List<Double> rates = daily;
    long days = Math.round(days(missing, between(daily, 0.5)));
    for (long tried = Math.min(LONGEST_DAYS, days); tried > 1; tried--) {
      List<Double> longer = rates(smooth, (long) (tried * DAY_MS));
      if (longer.size() >= WINDOWS_LEAST) {
        rates = longer;
        break;
      }
    }
    double fastest = Math.max(between(daily, 1 - OUTSIDE), between(rates, 1 - OUTSIDE));
    return new FillForecast(
        smooth.get(smooth.size() - 1).fill(),
        days(missing, between(rates, 0.5)),
        days(missing, fastest),
        Double.POSITIVE_INFINITY,
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

  private static double between(List<Double> sorted, double share) {
    double at = share * (sorted.size() - 1);
    int below = (int) at;
    int above = Math.min(sorted.size() - 1, below + 1);
    return sorted.get(below) + (at - below) * (sorted.get(above) - sorted.get(below));
  }
}
