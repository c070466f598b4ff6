package io.verge.simulator.bench;

import io.verge.model.Catalog;
import io.verge.model.PointType;
import io.verge.model.Quality;
import io.verge.model.Sample;
import io.verge.model.Stamp;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * What real meters and a busy processor add to the simulated street's smooth values, without which
 * no size would be worth quoting: sampling jitter, the last digits of mains quantities and echoes,
 * and polls that fail.
 */
final class MeterNoise {
  private static final double JITTER_MS = 9;
  private static final double FAILED = 0.002;
  private static final double POWER_SHARE = 0.005;
  private static final double VOLTS = 0.4;
  private static final double HERTZ = 0.01;
  private static final double MILLIMETRES = 2;
  private static final double DEGREES = 0.1;

  private final Catalog catalog;
  private final Random random;

  MeterNoise(Catalog catalog, long seed) {
    this.catalog = catalog;
    this.random = new Random(seed);
  }

  List<Sample> added(List<Sample> samples) {
    List<Sample> noisy = new ArrayList<>(samples.size());
    for (Sample sample : samples) {
      noisy.add(added(sample));
    }
    return noisy;
  }

  private Sample added(Sample sample) {
    Stamp stamp = sample.stamp();
    Stamp late =
        new Stamp(
            stamp.boot(),
            stamp.monoMs(),
            stamp.utcMs() + Math.round(Math.abs(random.nextGaussian()) * JITTER_MS),
            stamp.uncMs());
    List<PointType> points = catalog.typeOf(sample.device()).points();
    if (random.nextDouble() < FAILED) {
      return Sample.failed(sample.device(), late, Quality.TIMEOUT, points.size());
    }
    long[] values = sample.values().clone();
    for (int p = 0; p < values.length; p++) {
      if (values[p] != Sample.NONE && values[p] != 0) {
        values[p] += Math.round(random.nextGaussian() * spread(points.get(p), values[p]));
      }
    }
    return new Sample(sample.device(), late, sample.quality(), values, sample.pointQuality());
  }

  /** Standard deviation in units of the point's resolution. */
  private static double spread(PointType point, long value) {
    double unit = Math.pow(10, point.decimals());
    return switch (point.name()) {
      case "voltage" -> VOLTS * unit;
      case "frequency" -> HERTZ * unit;
      case "temperature" -> DEGREES * unit;
      case "distance" -> MILLIMETRES * unit;
      case "power", "apparent", "reactive", "current" -> POWER_SHARE * Math.abs(value);
      default -> 0;
    };
  }
}
