package io.verge.drivers.wire.container;

import io.verge.driver.Readout;
import io.verge.drivers.wire.listen.Hearing;
import io.verge.model.PointType;
import io.verge.model.Quality;
import io.verge.model.Sample;
import java.util.Arrays;
import java.util.List;

/** From the echoes of one poll to the readings of a container. Static functions. */
public final class Fill {
  /** Echoes farther apart than this in one poll are not one surface. */
  private static final int SPREAD_SUSPECT_MM = 200;

  public static final List<PointType> POINTS =
      List.of(
          PointType.gauge("fill", "%", 0),
          PointType.gauge("distance", "mm", 0),
          PointType.gauge("spread", "mm", 0),
          PointType.gauge("echoes", "", 0));

  private Fill() {}

  /**
   * Judges the echoes of one poll.
   *
   * @param found millimetres of each, or {@link FillDriver#NO_ECHO}; not empty.
   */
  public static Readout of(Mounting mounting, int... found) {
    int[] good =
        Arrays.stream(found).filter(mounting::isWithin).map(mounting::corrected).sorted().toArray();
    int outside = found.length - good.length;
    if (good.length == 0) {
      return suspect(
          new long[] {Sample.NONE, Sample.NONE, Sample.NONE, 0},
          outside
              + " echoes, none within "
              + mounting.leastMm()
              + ".."
              + mounting.mostMm()
              + " mm");
    }
    int median = Hearing.median(good);
    int spread = good[good.length - 1] - good[0];
    long[] values = {mounting.fillPercent(median), median, spread, good.length};
    // Noise passes an eight-bit sum now and then, but not most of the time and with one distance.
    return spread > SPREAD_SUSPECT_MM || 2 * good.length <= Math.max(mounting.echoes(), outside)
        ? suspect(
            values,
            good.length
                + " of "
                + Math.max(mounting.echoes(), good.length + outside)
                + " echoes usable, "
                + spread
                + " mm apart")
        : Readout.good(values);
  }

  private static Readout suspect(long[] values, String why) {
    return new Readout(Quality.SUSPECT, values, null, why, null);
  }
}
