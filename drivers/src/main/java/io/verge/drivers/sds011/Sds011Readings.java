package io.verge.drivers.sds011;

import io.verge.driver.Readout;
import io.verge.drivers.wire.listen.Hearing;
import io.verge.model.PointType;
import io.verge.model.Quality;
import java.util.List;

/** From several frames of a sensor to the readings of air: medians. */
final class Sds011Readings {
  /** The sensor sends once a second. */
  static final int FRAME_WAIT_MS = 3000;

  /** Nova data sheet: 0.0..999.9 ug/m3. */
  private static final int MOST = 9999;

  static final List<PointType> POINTS =
      List.of(PointType.gauge("pm25", "ug/m3", 1), PointType.gauge("pm10", "ug/m3", 1));

  private Sds011Readings() {}

  static Readout of(List<byte[]> frames) {
    int pm25 = Hearing.median(frames.stream().mapToInt(Sds011Codec::pm25).toArray());
    int pm10 = Hearing.median(frames.stream().mapToInt(Sds011Codec::pm10).toArray());
    long[] values = {pm25, pm10};
    return Math.max(pm25, pm10) > MOST
        ? new Readout(
            Quality.SUSPECT, values, null, "above the sensor's range of 999.9 ug/m3", null)
        : Readout.good(values);
  }
}
