package io.verge.simulator.trial;

import io.verge.autonomy.Probe;
import io.verge.autonomy.Readings;
import io.verge.model.PointType;
import io.verge.model.Quality;
import io.verge.model.Sample;
import io.verge.model.Stamp;
import java.util.List;

/** Feeds a probe with one point of one asset. */
final class Series {
  private static final int BOOT = 1;

  private final Probe probe;
  private final List<PointType> points;

  Series(Probe probe, PointType point) {
    this.probe = probe;
    this.points = List.of(point);
  }

  /**
   * @param value in the point's smallest step.
   */
  Probe.Verdict look(long utcMs, long value) {
    Stamp stamp = new Stamp(BOOT, utcMs, utcMs, 1);
    return probe.look(
        new Readings(new Sample(0, stamp, Quality.GOOD, new long[] {value}, null), points));
  }
}
