package io.verge.drivers.wire.container;

import io.verge.driver.BusException;
import io.verge.driver.BusSession;
import io.verge.driver.Framer;
import io.verge.driver.Readout;
import io.verge.driver.SerialDriver;
import io.verge.drivers.wire.listen.Hearing;
import io.verge.model.PointType;
import io.verge.model.Quality;
import io.verge.model.Sample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToIntFunction;

/** Fill of a container from the median of several echoes of a sensor that talks by itself. */
public final class FillDriver implements SerialDriver {
  /** What {@code distance} gives for a frame that says there was no echo to believe. */
  public static final int NO_ECHO = -1;

  /** Echoes farther apart than this in one poll are not one surface. */
  private static final int SPREAD_SUSPECT_MM = 200;

  /** The slowest sensor sends every 300 ms; three periods without a frame is silence. */
  private static final int ECHO_WAIT_MS = 1000;

  private static final List<PointType> POINTS =
      List.of(
          PointType.gauge("fill", "%", 0),
          PointType.gauge("distance", "mm", 0),
          PointType.gauge("spread", "mm", 0),
          PointType.gauge("echoes", "", 0));

  private final Mounting mounting;
  private final Framer framer;
  private final byte[] trigger;
  private final ToIntFunction<byte[]> distance;

  /**
   * @param trigger sent before each echo; empty for a sensor that talks by itself.
   * @param distance millimetres of a checked frame, or {@link #NO_ECHO}.
   */
  public FillDriver(
      Mounting mounting, Framer framer, byte[] trigger, ToIntFunction<byte[]> distance) {
    this.mounting = mounting;
    this.framer = framer;
    this.trigger = trigger.clone();
    this.distance = distance;
  }

  @Override
  public List<PointType> points() {
    return POINTS;
  }

  @Override
  public Readout poll(BusSession bus) throws BusException {
    Hearing hearing =
        trigger.length == 0
            ? Hearing.of(bus, framer, 0, mounting.echoes(), ECHO_WAIT_MS)
            : Hearing.asked(bus, framer, trigger, mounting.echoes());
    if (hearing.frames().isEmpty()) {
      return Readout.without(hearing.end(), POINTS.size());
    }
    List<Integer> good = new ArrayList<>();
    for (byte[] frame : hearing.frames()) {
      int found = distance.applyAsInt(frame);
      if (mounting.isWithin(found)) {
        good.add(mounting.corrected(found));
      }
    }
    return readout(
        good.stream().mapToInt(Integer::intValue).toArray(), hearing.frames().size() - good.size());
  }

  private Readout readout(int[] good, int outside) {
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
    Arrays.sort(good);
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
