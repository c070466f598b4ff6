package io.verge.cli;

import io.verge.local.EventView;
import io.verge.local.ItemView;
import io.verge.local.ReadingView;
import io.verge.local.SampleView;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Samples and events, one line each. */
final class Lines {
  private Lines() {}

  static String of(ItemView item) {
    if (item.sample() != null) {
      return sample(item.sample());
    }
    return item.event() == null ? "" : event(item.event());
  }

  static String sample(SampleView sample) {
    String values =
        sample.readings().stream()
            .filter(reading -> reading.value() != null)
            .map(reading -> reading.point() + " " + value(reading, sample.quality()))
            .collect(Collectors.joining(", "));
    String quality = sample.quality().equals("good") ? "" : "  " + sample.quality();
    return time(sample.at())
        + "  "
        + sample.asset()
        + quality
        + (values.isEmpty() ? "" : "  ")
        + values;
  }

  private static String value(ReadingView reading, String usual) {
    return withUnit(reading.value(), reading.unit())
        + (reading.quality().equals(usual) ? "" : " (" + reading.quality() + ")");
  }

  static String event(EventView event) {
    return time(event.at())
        + "  "
        + event.severity()
        + "  "
        + event.kind()
        + (event.asset() == null ? "" : "  " + event.asset())
        + (event.details().isEmpty() ? "" : "  " + pairs(event.details()));
  }

  static String pairs(Map<String, String> details) {
    return details.entrySet().stream()
        .map(entry -> entry.getKey() + "=" + entry.getValue())
        .collect(Collectors.joining(" "));
  }

  static String withUnit(@Nullable String value, String unit) {
    return value == null ? "-" : value + (unit.isEmpty() ? "" : " " + unit);
  }

  /** Seconds are enough for people; {@code --json} has them all. */
  static String time(@Nullable String at) {
    return at == null ? "no clock            " : at.replaceFirst("\\.\\d+Z$", "Z");
  }

  static String ago(@Nullable Long ageMs) {
    return ageMs == null ? "-" : Units.span(ageMs) + " ago";
  }
}
