package io.verge.config;

import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Values that carry their unit. */
final class Units {
  private static final Pattern NUMBER_UNIT = Pattern.compile("([0-9]{1,12})([A-Za-z]{1,3})");
  private static final Map<String, Long> MILLIS =
      Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "h", 3_600_000L, "d", 86_400_000L);
  private static final Map<String, Long> BYTES =
      Map.of(
          "B", 1L,
          "kB", 1_000L,
          "MB", 1_000_000L,
          "GB", 1_000_000_000L,
          "TB", 1_000_000_000_000L,
          "KiB", 1L << 10,
          "MiB", 1L << 20,
          "GiB", 1L << 30,
          "TiB", 1L << 40);

  private Units() {}

  /** {@code "250ms" "5s" "15m" "24h" "2d"} in milliseconds; empty if it is none. */
  static OptionalLong millis(String text) {
    return value(text, MILLIS);
  }

  /** {@code "64MiB" "1GiB" "500kB"} in bytes; empty if it is none. */
  static OptionalLong bytes(String text) {
    return value(text, BYTES);
  }

  /** {@code "60%"}; empty if it is none. */
  static OptionalLong percent(String text) {
    return text.matches("[0-9]{1,3} ?%")
        ? OptionalLong.of(Long.parseLong(text.replaceAll(" ?%", "")))
        : OptionalLong.empty();
  }

  /** The largest unit that tells it exactly: {@code 90s}, {@code 2d}. */
  static String shownMillis(long millis) {
    return shown(millis, MILLIS, "ms");
  }

  /** The largest binary unit that tells it exactly: {@code 512MiB}. */
  static String shownBytes(long bytes) {
    return shown(bytes, BYTES, "B");
  }

  private static String shown(long value, Map<String, Long> units, String smallest) {
    return units.entrySet().stream()
        .filter(unit -> value != 0 && value % unit.getValue() == 0)
        .filter(unit -> unit.getKey().equals(smallest) || !unit.getKey().matches("[kMGT]B"))
        .max(Map.Entry.comparingByValue())
        .map(unit -> value / unit.getValue() + unit.getKey())
        .orElse(value + smallest);
  }

  private static OptionalLong value(String text, Map<String, Long> units) {
    Matcher matcher = NUMBER_UNIT.matcher(text);
    if (!matcher.matches()) {
      return OptionalLong.empty();
    }
    Long unit = units.get(matcher.group(2));
    long number = Long.parseLong(matcher.group(1));
    return unit == null || number > Long.MAX_VALUE / unit
        ? OptionalLong.empty()
        : OptionalLong.of(number * unit);
  }
}
