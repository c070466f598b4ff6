package io.verge.simulator.bench;

import io.verge.model.Catalog;
import io.verge.model.Device;
import io.verge.model.DeviceType;
import io.verge.model.PointType;
import io.verge.model.Quality;
import io.verge.model.Sample;
import io.verge.model.Stamp;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * The store's workload: 90 series of six kinds, each polled every 1.8 s, so 50 readings a second;
 * up to 7 ms of jitter, one reading in 200 of bad quality. A device has one point, so every reading
 * carries its own time: the dearest case.
 */
final class StoreLoad {
  static final int READINGS_A_SECOND = 50;
  private static final int KINDS = 6;
  private static final int DEVICES_A_KIND = 15;
  private static final int SERIES = KINDS * DEVICES_A_KIND;
  private static final long PERIOD_MS = 1800;
  private static final int JITTER_MS = 8;
  private static final int BAD_ONE_IN = 200;
  private static final long BEGIN_UTC_MS = 1_790_000_000_000L;
  private static final long BOOT = 7;

  private final Random random = new Random(11);
  private final long[] values = new long[SERIES];
  private long taken;

  StoreLoad() {
    for (int s = 0; s < SERIES; s++) {
      values[s] =
          switch (s / DEVICES_A_KIND) {
            case 0 -> 2000 + random.nextInt(500);
            case 4 -> 100_000 + random.nextInt(900_000);
            case 5 -> 0;
            default -> 300 + random.nextInt(300);
          };
    }
  }

  static Catalog catalog() {
    List<PointType> points =
        List.of(
            PointType.gauge("temperature", "Cel", 2),
            PointType.gauge("humidity", "%RH", 1),
            PointType.gauge("pm", "ug/m3", 1),
            PointType.gauge("noise", "dB", 1),
            PointType.counter("count", "", 0),
            PointType.state("occupied"));
    List<DeviceType> types = new ArrayList<>();
    List<Device> devices = new ArrayList<>();
    for (int k = 0; k < KINDS; k++) {
      types.add(new DeviceType(points.get(k).name(), PERIOD_MS, List.of(points.get(k))));
      for (int d = 0; d < DEVICES_A_KIND; d++) {
        devices.add(new Device(k, points.get(k).name() + "-" + d));
      }
    }
    return new Catalog(0, types, devices);
  }

  /** Milliseconds since boot of the next sample, without its jitter. */
  long nowMs() {
    return taken * 1000 / READINGS_A_SECOND;
  }

  Sample next() {
    int series = (int) (taken % SERIES);
    long atMs = nowMs() + random.nextInt(JITTER_MS);
    taken++;
    values[series] +=
        switch (series / DEVICES_A_KIND) {
          case 4 -> random.nextInt(10) == 0 ? 1 : 0;
          case 5 -> random.nextInt(50) == 0 ? 1 - 2 * values[series] : 0;
          default -> random.nextInt(3) - 1;
        };
    return new Sample(
        series,
        new Stamp(BOOT, atMs, BEGIN_UTC_MS + atMs, 20),
        random.nextInt(BAD_ONE_IN) == 0 ? Quality.SUSPECT : Quality.GOOD,
        new long[] {values[series]},
        null);
  }

  List<Sample> next(int count) {
    List<Sample> samples = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      samples.add(next());
    }
    return samples;
  }
}
