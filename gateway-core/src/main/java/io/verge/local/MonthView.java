package io.verge.local;

import java.util.List;

/**
 * What an uplink has cost this month of its data plan, at the socket: without the headers of TCP,
 * UDP and IP.
 *
 * @param first day of the month, {@code 2026-11-01}; empty: no clock has told yet.
 * @param days how many days it has; 0 if not known.
 * @param daily bytes of each day up to today.
 * @param projected bytes of the whole month if it goes on as in the last three days.
 * @param thrift what is given up for the budget, as a sentence; empty: nothing.
 */
public record MonthView(
    String first,
    int days,
    List<Long> daily,
    long sent,
    long received,
    long projected,
    String thrift) {
  public MonthView {
    daily = List.copyOf(daily);
  }
}
