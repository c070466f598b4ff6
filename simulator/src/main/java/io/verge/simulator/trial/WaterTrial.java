package io.verge.simulator.trial;

import io.verge.autonomy.Diagnosis;
import io.verge.autonomy.Place;
import io.verge.autonomy.Probe.Verdict;
import io.verge.model.PointType;
import io.verge.simulator.street.Recording;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;

/**
 * The diagnosis {@code leak} at its defaults on recorded water: a recording is taken as tight, and
 * made leaky by adding a steady flow. The meter is read every five minutes and shows whole litres.
 */
public final class WaterTrial {
  private static final Diagnosis.Leak LEAK =
      new Diagnosis.Leak("volume", 1, 5, Duration.ofHours(1).toMillis());

  private static final PointType VOLUME = PointType.counter("volume", "m3", 3);
  private static final long READ_MS = 300_000;
  private static final double HOUR_MS = 3_600_000;

  /** Longest time a flow holds without a new row: the keep-alive of the recording, and a second. */
  private static final long HOLD_MS = 302_000;

  /** Litres a pulse is counted as; a one-inch meter's are near it. */
  private static final double LITRES_A_PULSE = 0.1;

  /**
   * Tight, then leaking so many litres an hour. The last is under what whole litres and an hour of
   * rest can show.
   */
  private static final double[] LEAKS = {60, 20, 10, 5, 2.5, 0.5};

  private WaterTrial() {}

  /** A running total of pulses. */
  public static List<Judged> pulses(Recording recording, String name, ZoneId zone) {
    long[] at = new long[recording.size()];
    double[] litres = new double[recording.size()];
    for (int row = 0; row < at.length; row++) {
      at[row] = recording.atMs(row);
      litres[row] = recording.valueAt(row) * LITRES_A_PULSE;
    }
    return trials(at, litres, name, zone);
  }

  /** A flow; taken as litres an hour. Time in which nothing was recorded is left out. */
  public static List<Judged> flow(Recording recording, String name, ZoneId zone) {
    long[] at = new long[recording.size()];
    double[] litres = new double[recording.size()];
    for (int row = 0; row < at.length; row++) {
      at[row] = recording.atMs(row);
      if (row > 0) {
        long held = Math.min(HOLD_MS, at[row] - at[row - 1]);
        litres[row] = litres[row - 1] + recording.valueAt(row - 1) * held / HOUR_MS;
      }
    }
    return trials(at, litres, name, zone);
  }

  private static List<Judged> trials(long[] at, double[] litres, String name, ZoneId zone) {
    List<Judged> judged = new ArrayList<>();
    judged.add(nights(at, litres, 0, name + ", as recorded", zone));
    for (double leak : LEAKS) {
      judged.add(nights(at, litres, leak, name + " + " + leak + " l/h", zone));
    }
    return judged;
  }

  /** Each night on its own: nothing is known of the one before. */
  private static Judged nights(long[] at, double[] litres, double leak, String name, ZoneId zone) {
    Judged judged = new Judged("leak", name, 0, 0, 0, 0);
    Series series = new Series(LEAK.probe(new Place(0, 0, zone)), VOLUME);
    long read = Long.MIN_VALUE;
    boolean night = false;
    for (int row = 0; row < at.length; row++) {
      if (at[row] < read + READ_MS) {
        continue;
      }
      read = at[row];
      double total = litres[row] + leak * (at[row] - at[0]) / HOUR_MS;
      Verdict verdict = series.look(at[row], (long) total);
      ZonedDateTime local = Instant.ofEpochMilli(at[row]).atZone(zone);
      boolean quiet = local.getHour() >= LEAK.from() && local.getHour() < LEAK.until();
      if (night && !quiet && verdict != Verdict.UNKNOWN) {
        judged = judged.with(leak > 0, verdict == Verdict.YES);
      }
      night = quiet;
    }
    return judged;
  }
}
