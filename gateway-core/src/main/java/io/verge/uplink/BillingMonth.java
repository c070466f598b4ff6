package io.verge.uplink;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

/**
 * A month of a data plan, in UTC. Pure.
 *
 * @param first its first day.
 * @param days how many it has.
 */
public record BillingMonth(LocalDate first, int days) {
  private static final long DAY_MS = 86_400_000;

  /**
   * @param day of the calendar month on which it begins, 1..28.
   */
  public static BillingMonth of(long utcMs, int day) {
    LocalDate today = LocalDate.ofInstant(Instant.ofEpochMilli(utcMs), ZoneOffset.UTC);
    LocalDate first = today.withDayOfMonth(day);
    return from(first.isAfter(today) ? first.minusMonths(1) : first);
  }

  /** The month that begins on that day since 1970. */
  public static BillingMonth starting(long epochDay) {
    return from(LocalDate.ofEpochDay(epochDay));
  }

  private static BillingMonth from(LocalDate first) {
    return new BillingMonth(first, (int) ChronoUnit.DAYS.between(first, first.plusMonths(1)));
  }

  public long startMs() {
    return first.toEpochDay() * DAY_MS;
  }

  /** Days since its beginning, with their fraction, within 0..{@link #days}. */
  public double elapsed(long utcMs) {
    return Math.max(0, Math.min(days, (utcMs - startMs()) / (double) DAY_MS));
  }

  /** Position of the day in the month, from 0 on. */
  public int dayOf(long utcMs) {
    return Math.min(days - 1, (int) elapsed(utcMs));
  }
}
