package io.verge.health;

import java.util.Arrays;

/**
 * Bytes that a card was told to write, day by day, from a counter that begins anew with every boot.
 * Pure: each addition makes a new value, and a value is a few numbers that survive a restart.
 */
public final class WrittenBytes {
  /** Stands for the day while nobody vouches for the clock. */
  public static final long NO_DAY = -1;

  private static final int DAYS = 7;
  private static final int BOOT = 0;
  private static final int SECONDS = 1;
  private static final int BYTES = 2;
  private static final int DAY = 3;
  private static final int SEEN_TODAY = 4;
  private static final int COMPLETE = 5;
  private static final int TODAY = 6;
  private static final int SIZE = TODAY + DAYS;
  private static final long DAY_SECONDS = 86_400;

  /** Less than this says nothing about a day. */
  private static final long LEAST_SECONDS = 600;

  private final long[] numbers;

  private WrittenBytes(long[] numbers) {
    this.numbers = numbers;
  }

  /**
   * @param kept from {@link #numbers}; anything else is a start from nothing.
   */
  public static WrittenBytes of(long[] kept) {
    return new WrittenBytes(kept.length == SIZE ? kept.clone() : new long[SIZE]);
  }

  public long[] numbers() {
    return numbers.clone();
  }

  /**
   * What the counter shows now.
   *
   * @param boot names the boot that the counter and {@code seconds} began with; not 0.
   * @param day since 1970, UTC, or {@link #NO_DAY}: then it is still the last known day.
   */
  public WrittenBytes seen(long boot, long seconds, long bytes, long day) {
    long[] next = numbers.clone();
    boolean isSameBoot = boot == numbers[BOOT] && bytes >= numbers[BYTES];
    boolean isFirst = numbers[BOOT] == 0;
    long more = isFirst ? 0 : isSameBoot ? bytes - numbers[BYTES] : bytes;
    long passed = isFirst ? 0 : isSameBoot ? Math.max(0, seconds - numbers[SECONDS]) : seconds;
    if (day != NO_DAY && day != numbers[DAY]) {
      turn(next, day);
    }
    next[TODAY] += more;
    next[SEEN_TODAY] += passed;
    next[BOOT] = boot;
    next[SECONDS] = seconds;
    next[BYTES] = bytes;
    return new WrittenBytes(next);
  }

  /** A clock that was set back, or far ahead, leaves no days that could be compared. */
  private static void turn(long[] next, long day) {
    long days = day - next[DAY];
    boolean isNext = next[DAY] != 0 && days > 0 && days < DAYS;
    if (isNext) {
      int by = (int) days;
      System.arraycopy(next, TODAY, next, TODAY + by, DAYS - by);
      Arrays.fill(next, TODAY, TODAY + by, 0);
      next[COMPLETE] = Math.min(DAYS - 1, next[COMPLETE] + by);
    } else if (next[DAY] != 0) {
      Arrays.fill(next, TODAY, SIZE, 0);
      next[COMPLETE] = 0;
    }
    next[SEEN_TODAY] = next[DAY] == 0 ? next[SEEN_TODAY] : 0;
    next[DAY] = day;
  }

  /** Since midnight UTC, or since the count began. */
  public long today() {
    return numbers[TODAY];
  }

  /**
   * Bytes a day: the mean of the last days that were whole, at most six; before there is one, what
   * today comes to; 0 while that can't be told.
   */
  public long perDay() {
    int complete = (int) numbers[COMPLETE];
    if (complete > 0) {
      return Arrays.stream(numbers, TODAY + 1, TODAY + 1 + complete).sum() / complete;
    }
    return numbers[SEEN_TODAY] < LEAST_SECONDS
        ? 0
        : Math.round((double) numbers[TODAY] * DAY_SECONDS / numbers[SEEN_TODAY]);
  }
}
