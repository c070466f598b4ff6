package io.verge.uplink;

import io.verge.model.Stamp;
import java.util.Arrays;
import java.util.stream.LongStream;

/**
 * Bytes counted at the socket in one month of the data plan, all runs of the gateway together.
 * Pure.
 *
 * @param firstDay of the month, days since 1970; 0: no clock has told yet which month it is.
 * @param sent bytes to the back end.
 * @param received bytes from it.
 * @param days both, by the day of the month.
 */
public record Usage(long firstDay, long sent, long received, long[] days) {
  public static final Usage NONE = new Usage(0, 0, 0, new long[0]);

  private static final int HEAD = 3;
  private static final int DAYS_MAX = 31;

  public Usage {
    days = days.clone();
  }

  @Override
  public long[] days() {
    return days.clone();
  }

  public long total() {
    return sent + received;
  }

  /**
   * Counts on; a new month begins at zero. Without a clock bytes belong to the last known day, and
   * what came before any clock to the first one it tells.
   *
   * @param utcMs {@link Stamp#NO_UTC} while the clock is not trusted.
   * @param monthDay day on which a month of the plan begins.
   */
  public Usage add(long moreSent, long moreReceived, long utcMs, int monthDay) {
    if (utcMs == Stamp.NO_UTC) {
      return counted(this, Math.max(0, days.length - 1), moreSent, moreReceived);
    }
    BillingMonth month = BillingMonth.of(utcMs, monthDay);
    long first = month.first().toEpochDay();
    // A clock that goes back a little must not lose a month.
    boolean isSame = firstDay == 0 || first <= firstDay;
    Usage base =
        isSame && firstDay != 0
            ? this
            : new Usage(
                first, isSame ? sent : 0, isSame ? received : 0, isSame ? days : new long[0]);
    return counted(base, month.dayOf(utcMs), moreSent, moreReceived);
  }

  private static Usage counted(Usage base, int day, long moreSent, long moreReceived) {
    long[] days = Arrays.copyOf(base.days, Math.max(base.days.length, day + 1));
    days[day] += moreSent + moreReceived;
    return new Usage(base.firstDay, base.sent + moreSent, base.received + moreReceived, days);
  }

  /**
   * Bytes a day of late: of the last three days that are over and not before the first bytes of the
   * month, or of today.
   */
  public double rate(long utcMs) {
    if (firstDay == 0) {
      return 0;
    }
    BillingMonth month = BillingMonth.starting(firstDay);
    int today = month.dayOf(utcMs);
    int first = 0;
    while (first < days.length && days[first] == 0) {
      first++;
    }
    if (first >= today) {
      long ofToday = today < days.length ? days[today] : 0;
      return ofToday / Math.max(0.25, month.elapsed(utcMs) - today);
    }
    int from = Math.max(first, today - 3);
    return LongStream.of(Arrays.copyOf(days, Math.max(days.length, today)))
            .skip(from)
            .limit(today - from)
            .sum()
        / (double) (today - from);
  }

  /** What the month comes to if it goes on as of late. */
  public long projection(long utcMs) {
    if (firstDay == 0) {
      return total();
    }
    BillingMonth month = BillingMonth.starting(firstDay);
    return Math.round(total() + rate(utcMs) * (month.days() - month.elapsed(utcMs)));
  }

  /** As the store keeps it. */
  public long[] numbers() {
    long[] numbers = new long[HEAD + days.length];
    numbers[0] = firstDay;
    numbers[1] = sent;
    numbers[2] = received;
    System.arraycopy(days, 0, numbers, HEAD, days.length);
    return numbers;
  }

  /** {@link #NONE} for what is not one. */
  public static Usage of(long[] numbers) {
    boolean isOne =
        numbers.length >= HEAD
            && numbers.length <= HEAD + DAYS_MAX
            && LongStream.of(numbers).allMatch(number -> number >= 0);
    return isOne
        ? new Usage(
            numbers[0], numbers[1], numbers[2], Arrays.copyOfRange(numbers, HEAD, numbers.length))
        : NONE;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Usage usage && Arrays.equals(numbers(), usage.numbers());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(numbers());
  }
}
