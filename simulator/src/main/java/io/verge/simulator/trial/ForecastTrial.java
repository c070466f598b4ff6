package io.verge.simulator.trial;

import io.verge.autonomy.FillForecast;
import io.verge.simulator.street.Recording;
import io.verge.simulator.street.Recordings;
import java.util.ArrayList;
import java.util.List;

/**
 * Forecasts made once a day on recorded containers from the four weeks before, each held against
 * the moment the container was that full, if it came to it before it was emptied.
 */
public final class ForecastTrial {
  private static final long DAY_MS = 86_400_000L;
  private static final long PAST_MS = 28 * DAY_MS;

  /**
   * Per cent. The band's ends were chosen on the second container at 60; the recorded containers
   * are mostly emptied before they are filled higher than 70.
   */
  private static final List<Integer> FULL = List.of(50, 60, 70, 85);

  private static final int SIDE = 3;
  private static final double EMPTIED = 15;

  /**
   * What came of it.
   *
   * @param made forecasts that could be judged.
   * @param medianErrorDays of those that named a day.
   * @param medianDays until it was full.
   * @param inBand share of them full between the earliest and the latest day.
   */
  public record Figure(
      String input, int made, double medianErrorDays, double medianDays, double inBand) {}

  private ForecastTrial() {}

  public static List<Figure> all(Recordings recordings) {
    List<Figure> figures = new ArrayList<>();
    int number = 1;
    for (Recording container : recordings.containers()) {
      for (int full : FULL) {
        figures.add(judge(container, full, "glass container " + number + ", to " + full + " %"));
      }
      number++;
    }
    return figures;
  }

  static Figure judge(Recording recording, int full, String name) {
    int[] fills = EmptiedTrial.fills(recording);
    List<Double> errors = new ArrayList<>();
    List<Double> lasted = new ArrayList<>();
    int within = 0;
    long next = recording.atMs(0) + PAST_MS;
    for (int row = 0; row < fills.length; row++) {
      if (recording.atMs(row) < next) {
        continue;
      }
      next = recording.atMs(row) + DAY_MS;
      double days = trueDays(recording, fills, row, full);
      FillForecast forecast = FillForecast.of(past(recording, fills, row), full);
      if (days <= 0 || !forecast.isKnown()) {
        continue;
      }
      lasted.add(days);
      if (Double.isFinite(forecast.days())) {
        errors.add(Math.abs(forecast.days() - days));
      }
      within += days >= forecast.earliestDays() && days <= forecast.latestDays() ? 1 : 0;
    }
    return new Figure(
        name,
        lasted.size(),
        median(errors),
        median(lasted),
        within / (double) Math.max(1, lasted.size()));
  }

  private static double median(List<Double> values) {
    List<Double> sorted = new ArrayList<>(values);
    sorted.sort(null);
    return sorted.isEmpty() ? Double.NaN : sorted.get(sorted.size() / 2);
  }

  private static List<FillForecast.Level> past(Recording recording, int[] fills, int row) {
    List<FillForecast.Level> past = new ArrayList<>();
    for (int r = row; r >= 0 && recording.atMs(r) > recording.atMs(row) - PAST_MS; r--) {
      past.add(0, new FillForecast.Level(recording.atMs(r), fills[r]));
    }
    return past;
  }

  /** Days until it stayed that full for three samples; 0: it was, or was emptied before. */
  private static double trueDays(Recording recording, int[] fills, int row, int full) {
    if (fills[row] >= full) {
      return 0;
    }
    for (int r = row + 1; r + SIDE < fills.length; r++) {
      if (middle(fills, r) - middle(fills, r - 1) <= -EMPTIED) {
        return 0;
      }
      if (middle(fills, r) >= full) {
        return (recording.atMs(r) - recording.atMs(row)) / (double) DAY_MS;
      }
    }
    return 0;
  }

  private static int middle(int[] fills, int row) {
    int a = fills[row];
    int b = fills[row + 1];
    int c = fills[row + 2];
    return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
  }
}
