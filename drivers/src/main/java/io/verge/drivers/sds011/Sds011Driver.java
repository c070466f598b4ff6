package io.verge.drivers.sds011;

import io.verge.driver.BusException;
import io.verge.driver.BusSession;
import io.verge.driver.Readout;
import io.verge.driver.SerialDriver;
import io.verge.drivers.wire.listen.Hearing;
import io.verge.model.PointType;
import io.verge.model.Quality;
import java.util.List;

/** Particulate matter, from the median of several frames. */
final class Sds011Driver implements SerialDriver {
  /** The sensor sends once a second. */
  private static final int FRAME_WAIT_MS = 3000;

  /** Nova data sheet: 0.0..999.9 ug/m3. */
  private static final int MOST = 9999;

  private static final List<PointType> POINTS =
      List.of(PointType.gauge("pm25", "ug/m3", 1), PointType.gauge("pm10", "ug/m3", 1));

  private final int frames;
  private final int warmUp;

  /**
   * @param frames how many to take the median of.
   * @param warmUp frames thrown away after waking the sensor, which then sleeps between polls; 0:
   *     it runs all the time.
   */
  Sds011Driver(int frames, int warmUp) {
    this.frames = frames;
    this.warmUp = warmUp;
  }

  @Override
  public List<PointType> points() {
    return POINTS;
  }

  @Override
  public Readout poll(BusSession bus) throws BusException {
    if (warmUp > 0) {
      bus.send(Sds011Codec.work(true));
    }
    Hearing hearing = Hearing.of(bus, Sds011Codec.FRAMER, warmUp, frames, FRAME_WAIT_MS);
    if (warmUp > 0) {
      bus.send(Sds011Codec.work(false));
    }
    if (hearing.frames().isEmpty()) {
      return Readout.without(hearing.end(), POINTS.size());
    }
    int pm25 = Hearing.median(hearing.frames().stream().mapToInt(Sds011Codec::pm25).toArray());
    int pm10 = Hearing.median(hearing.frames().stream().mapToInt(Sds011Codec::pm10).toArray());
    long[] values = {pm25, pm10};
    return Math.max(pm25, pm10) > MOST
        ? new Readout(
            Quality.SUSPECT, values, null, "above the sensor's range of 999.9 ug/m3", null)
        : Readout.good(values);
  }
}
