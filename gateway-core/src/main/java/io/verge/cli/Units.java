package io.verge.cli;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Durations and sizes as people write them. */
final class Units {
  private static final Pattern DURATION =
      Pattern.compile("(?:(\\d{1,4})d)?(?:(\\d{1,4})h)?(?:(\\d{1,5})m)?(?:(\\d{1,6})s)?");

  private Units() {}

  /** Two places: {@code 12s}, {@code 3m 5s}, {@code 2h 40m}, {@code 5d 3h}. */
  static String span(long ms) {
    long s = ms / 1000;
    if (s < 60) {
      return s + "s";
    }
    if (s < 3600) {
      return two(s / 60, "m", s % 60, "s");
    }
    if (s < 86_400) {
      return two(s / 3600, "h", s % 3600 / 60, "m");
    }
    return two(s / 86_400, "d", s % 86_400 / 3600, "h");
  }

  private static String two(long big, String bigUnit, long small, String smallUnit) {
    return small == 0 ? big + bigUnit : big + bigUnit + " " + small + smallUnit;
  }

  /** {@code -} where there is none. */
  static String spanOrDash(@Nullable Long ms) {
    return ms == null ? "-" : span(ms);
  }

  /** {@code 40.0 MiB}. */
  static String bytes(long bytes) {
    if (bytes < 1024) {
      return bytes + " B";
    }
    String[] units = {"KiB", "MiB", "GiB", "TiB"};
    double value = bytes / 1024.0;
    int unit = 0;
    while (value >= 1023.95 && unit < units.length - 1) {
      value /= 1024;
      unit++;
    }
    return String.format(Locale.ROOT, "%.1f %s", value, units[unit]);
  }

  static String percent(long part, long whole) {
    return whole <= 0 ? "-" : Math.round(100.0 * part / whole) + "%";
  }

  /**
   * {@code 90s}, {@code 30m}, {@code 1h30m}, {@code 2d} in milliseconds.
   *
   * @throws IllegalArgumentException with a sentence for people.
   */
  static long duration(String text) {
    Matcher matcher = DURATION.matcher(text);
    if (text.isEmpty() || !matcher.matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a duration; it has units, for example 90s, 30m, 1h30m, 2d");
    }
    long seconds =
        86_400 * part(matcher, 1)
            + 3600 * part(matcher, 2)
            + 60 * part(matcher, 3)
            + part(matcher, 4);
    if (seconds == 0) {
      throw new IllegalArgumentException("a duration is longer than nothing");
    }
    return seconds * 1000;
  }

  private static long part(Matcher matcher, int group) {
    String digits = matcher.group(group);
    return digits == null ? 0 : Long.parseLong(digits);
  }
}
