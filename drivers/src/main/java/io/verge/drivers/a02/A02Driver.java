package io.verge.drivers.a02;

import io.verge.driver.Answer;
import io.verge.driver.BusException;
import io.verge.driver.BusSession;
import io.verge.driver.Readout;
import io.verge.driver.SerialDriver;
import io.verge.model.PointType;
import io.verge.model.Quality;
import io.verge.model.Sample;
import java.util.Arrays;
import java.util.List;

/** Fill of a container from the median of several echoes. */
final class A02Driver implements SerialDriver {
  /** Echoes farther apart than this in one poll are not one surface. */
  private static final int SPREAD_SUSPECT_MM = 200;

  /** The sensor sends every 100..300 ms; three periods without a frame is silence. */
  private static final int ECHO_WAIT_MS = 1000;

  private final int emptyMm;
  private final int fullMm;
  private final int leastMm;
  private final int mostMm;
  private final int echoes;

  /**
   * @param emptyMm distance from sensor to the floor of the empty container.
   * @param fullMm distance at which the container counts as full; less than {@code emptyMm}.
   * @param leastMm the sensor's blind distance.
   * @param mostMm the farthest echo that is believed.
   * @param echoes how many to take the median of.
   */
  A02Driver(int emptyMm, int fullMm, int leastMm, int mostMm, int echoes) {
    this.emptyMm = emptyMm;
    this.fullMm = fullMm;
    this.leastMm = leastMm;
    this.mostMm = mostMm;
    this.echoes = echoes;
  }

  @Override
  public List<PointType> points() {
    return List.of(
        PointType.gauge("fill", "%", 0),
        PointType.gauge("distance", "mm", 0),
        PointType.gauge("spread", "mm", 0),
        PointType.gauge("echoes", "", 0));
  }

  @Override
  public Readout poll(BusSession bus) throws BusException {
    int[] heard = new int[echoes];
    int good = 0;
    int outside = 0;
    for (int i = 0; i < echoes; i++) {
      Answer answer = bus.listen(A02Codec.FRAMER, ECHO_WAIT_MS);
      if (!(answer instanceof Answer.Frame frame)) {
        if (good + outside == 0) {
          return Readout.without(answer, points().size());
        }
        break;
      }
      int distance = A02Codec.distanceMm(frame.bytes());
      if (distance < leastMm || distance > mostMm) {
        outside++;
      } else {
        heard[good++] = distance;
      }
    }
    if (good == 0) {
      long[] none = {Sample.NONE, Sample.NONE, Sample.NONE, 0};
      return new Readout(
          Quality.SUSPECT,
          none,
          null,
          outside + " echoes, none within " + leastMm + ".." + mostMm + " mm",
          null);
    }
    Arrays.sort(heard, 0, good);
    int median = heard[good / 2];
    int spread = heard[good - 1] - heard[0];
    long[] values = {fillPercent(median), median, spread, good};
    return spread > SPREAD_SUSPECT_MM || good <= outside
        ? new Readout(
            Quality.SUSPECT,
            values,
            null,
            good + " of " + (good + outside) + " echoes usable, " + spread + " mm apart",
            null)
        : Readout.good(values);
  }

  /** Rounded to the nearest percent, 0..100. */
  private long fillPercent(int distanceMm) {
    long percent =
        Math.floorDiv(200L * (emptyMm - distanceMm) + (emptyMm - fullMm), 2L * (emptyMm - fullMm));
    return Math.max(0, Math.min(100, percent));
  }
}
