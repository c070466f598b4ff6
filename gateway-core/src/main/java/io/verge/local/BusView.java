package io.verge.local;

import java.util.List;

/**
 * One bus.
 *
 * @param port its transport's URI.
 * @param state {@code up} or {@code down}.
 * @param why why it is down; empty while up.
 * @param devices how many it has.
 * @param silent assets that do not answer now.
 * @param pollsPerMinute over the last few minutes.
 * @param loadPercent share of the time in which the wire or a device's answer was waited for.
 */
public record BusView(
    String name,
    String port,
    String state,
    String why,
    long devices,
    List<String> silent,
    long pollsPerMinute,
    long loadPercent) {
  public BusView {
    silent = List.copyOf(silent);
  }
}
