package io.verge.autonomy;

import io.verge.bytes.Decoded;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.MonthDay;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A day, or days in a row, of one year or of every year. */
public sealed interface Dates {
  String EXPECTED = "dates such as \"2026-12-31\", \"12-24\" for every year, or \"12-24..12-26\"";

  boolean contains(LocalDate date);

  /** {@code 2026-12-31}, {@code 2026-12-31..2027-01-01}. */
  record Once(LocalDate first, LocalDate last) implements Dates {
    @Override
    public boolean contains(LocalDate date) {
      return !date.isBefore(first) && !date.isAfter(last);
    }
  }

  /** {@code 12-24}, {@code 12-24..01-02}: may pass the turn of the year. */
  record EveryYear(MonthDay first, MonthDay last) implements Dates {
    @Override
    public boolean contains(LocalDate date) {
      MonthDay day = MonthDay.from(date);
      boolean isAfterFirst = !day.isBefore(first);
      boolean isBeforeLast = !day.isAfter(last);
      return first.isAfter(last) ? isAfterFirst || isBeforeLast : isAfterFirst && isBeforeLast;
    }
  }

  Pattern TEXT =
      Pattern.compile(
          "(?:([0-9]{4})-)?([0-9]{2})-([0-9]{2})(?:\\.\\.(?:([0-9]{4})-)?([0-9]{2})-([0-9]{2}))?");

  static Decoded<Dates> parse(String text) {
    Matcher parts = TEXT.matcher(text);
    if (!parts.matches()) {
      return Decoded.invalid("found \"" + text + "\"", 0);
    }
    boolean isRange = parts.group(5) != null;
    boolean isOnce = parts.group(1) != null;
    if (isRange && isOnce != (parts.group(4) != null)) {
      return Decoded.invalid("\"" + text + "\" gives a year at one end only", 0);
    }
    try {
      int month = Integer.parseInt(parts.group(2));
      int day = Integer.parseInt(parts.group(3));
      int lastMonth = isRange ? Integer.parseInt(parts.group(5)) : month;
      int lastDay = isRange ? Integer.parseInt(parts.group(6)) : day;
      if (!isOnce) {
        return Decoded.valid(
            new EveryYear(MonthDay.of(month, day), MonthDay.of(lastMonth, lastDay)));
      }
      LocalDate first = LocalDate.of(Integer.parseInt(parts.group(1)), month, day);
      LocalDate last =
          isRange ? LocalDate.of(Integer.parseInt(parts.group(4)), lastMonth, lastDay) : first;
      return last.isBefore(first)
          ? Decoded.invalid("\"" + text + "\" ends before it begins", 0)
          : Decoded.valid(new Once(first, last));
    } catch (DateTimeException e) {
      return Decoded.invalid("\"" + text + "\" is no date", 0);
    }
  }
}
