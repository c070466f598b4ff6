package io.verge.autonomy;

import io.verge.model.PointType;
import io.verge.model.Quality;
import io.verge.model.Sample;
import java.util.List;
import java.util.OptionalDouble;

/** One sample as rules see it: good readings by name. */
public record Readings(Sample sample, List<PointType> points) {
  /** In the point's unit; empty where there is no good reading of it. */
  public OptionalDouble value(String point) {
    for (int i = 0; i < points.size(); i++) {
      if (points.get(i).name().equals(point)) {
        long value = sample.values()[i];
        return value == Sample.NONE || sample.qualityOf(i) != Quality.GOOD
            ? OptionalDouble.empty()
            : OptionalDouble.of(value / Math.pow(10, points.get(i).decimals()));
      }
    }
    return OptionalDouble.empty();
  }

  /** Milliseconds since boot. */
  public long monoMs() {
    return sample.stamp().monoMs();
  }
}
