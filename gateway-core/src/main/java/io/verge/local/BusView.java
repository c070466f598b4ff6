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
 * @param polls asked since the start.
 * @param failedPolls those whose sample was not good.
 * @param assets what is on it, in the order of the configuration.
 */
public record BusView(
    String name,
    String port,
    String state,
    String why,
    long devices,
    List<String> silent,
    long pollsPerMinute,
    long loadPercent,
    long polls,
    long failedPolls,
    List<String> assets) {
  public BusView {
    assets = List.copyOf(assets);
    silent = List.copyOf(silent);
  }
}
