package io.verge.drivers.pms;

import io.verge.driver.Readout;
import io.verge.drivers.wire.listen.Hearing;
import io.verge.model.PointType;
import io.verge.model.Quality;
import java.util.List;

/** From several frames of a sensor to the readings of air: medians. */
final class PmsReadings {
  /** The data manuals: a frame every 200..800 ms while values change, every 2.3 s otherwise. */
  static final int FRAME_WAIT_MS = 5000;

  /**
   * Upper end of the effective range is 500, of the maximum range 1000: PMS5003 manual, table 1.
   */
  private static final int MOST = 1000;

  static final List<PointType> POINTS =
      List.of(PointType.gauge("pm25", "ug/m3", 0), PointType.gauge("pm10", "ug/m3", 0));

  private PmsReadings() {}

  static Readout of(List<byte[]> frames) {
    int pm25 = Hearing.median(frames.stream().mapToInt(f -> PmsCodec.atmospheric(f, 1)).toArray());
    int pm10 = Hearing.median(frames.stream().mapToInt(f -> PmsCodec.atmospheric(f, 2)).toArray());
    long[] values = {pm25, pm10};
    byte[] last = frames.get(frames.size() - 1);
    if (PmsCodec.error(last) != 0) {
      return suspect(values, "the sensor reports error " + PmsCodec.error(last));
    }
    if (frames.stream().allMatch(PmsCodec::countsNothing)) {
      return suspect(values, "not one particle counted: fan or laser may have stopped");
    }
    return Math.max(pm25, pm10) > MOST
        ? suspect(values, "above the sensor's range of " + MOST + " ug/m3")
        : Readout.good(values);
  }

  private static Readout suspect(long[] values, String why) {
    return new Readout(Quality.SUSPECT, values, null, why, null);
  }
}
