package io.verge.cli;

import io.verge.local.ReadingView;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a reading of a street can be: bounds by unit, wider than any sound installation. */
final class Plausible {
  private record Range(double least, double most) {}

  private static final Map<String, Range> RANGES =
      Map.ofEntries(
          Map.entry("V", new Range(0, 500)),
          Map.entry("A", new Range(-1_000, 1_000)),
          Map.entry("W", new Range(-500_000, 500_000)),
          Map.entry("VA", new Range(0, 500_000)),
          Map.entry("Hz", new Range(45, 66)),
          Map.entry("/", new Range(-1, 1)),
          Map.entry("%", new Range(0, 100)),
          Map.entry("%RH", new Range(0, 100)),
          Map.entry("Cel", new Range(-45, 125)),
          Map.entry("m", new Range(0, 50)),
          Map.entry("mm", new Range(0, 50_000)),
          Map.entry("m3", new Range(0, 1e9)),
          Map.entry("m3/h", new Range(-1_000, 1_000)),
          Map.entry("m/s", new Range(-20, 20)),
          Map.entry("kWh", new Range(-1e9, 1e9)),
          Map.entry("h", new Range(0, 1e6)),
          Map.entry("dBm", new Range(-150, 0)));

  private Plausible() {}

  /** What is wrong with readings; empty if nothing is. */
  static List<String> wrong(List<ReadingView> readings) {
    List<String> wrong = new ArrayList<>();
    for (ReadingView reading : readings) {
      String value = reading.value();
      if (value == null || !reading.quality().equals("good")) {
        wrong.add(reading.point() + " is " + reading.quality());
      } else if (!isPossible(number(value), RANGES.get(reading.unit()))) {
        wrong.add(reading.point() + " of " + value + " " + reading.unit() + " can't be");
      }
    }
    return wrong;
  }

  private static boolean isPossible(@Nullable BigDecimal value, @Nullable Range range) {
    return value != null
        && (range == null
            || (value.doubleValue() >= range.least() && value.doubleValue() <= range.most()));
  }

  /** A decimal text, or null. */
  static @Nullable BigDecimal number(@Nullable String value) {
    try {
      return value == null ? null : new BigDecimal(value);
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
