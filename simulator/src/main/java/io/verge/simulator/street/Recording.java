package io.verge.simulator.street;

import java.util.Arrays;

/**
 * A measured course of one quantity, played in a loop of whole days at its own time of day: moments
 * in milliseconds since 1970 UTC, rising, and the value from each moment on.
 */
public final class Recording {
  private static final long DAY_MS = 86_400_000L;

  private final long[] atMs;
  private final double[] values;
  private final long spanMs;

  /**
   * @throws IllegalArgumentException if the moments do not rise, or there are fewer than two.
   */
  Recording(long[] atMs, double[] values) {
    if (atMs.length < 2 || atMs.length != values.length) {
      throw new IllegalArgumentException(atMs.length + " moments, " + values.length + " values");
    }
    for (int i = 1; i < atMs.length; i++) {
      if (atMs[i] <= atMs[i - 1]) {
        throw new IllegalArgumentException("moment " + i + " is not later than the one before");
      }
    }
    this.atMs = atMs;
    this.values = values;
    // Whole days, so that every round starts at the same time of day.
    this.spanMs = Math.max(1, (atMs[atMs.length - 1] - atMs[0]) / DAY_MS) * DAY_MS;
  }

  public int size() {
    return atMs.length;
  }

  /** Milliseconds since 1970 UTC of a row. */
  public long atMs(int row) {
    return atMs[row];
  }

  /** The value of a row. */
  public double valueAt(int row) {
    return values[row];
  }

  /** The value that held at this moment of the loop. */
  double value(long utcMs) {
    return values[index(utcMs)];
  }

  /** For a recording of a running total: the total since round 0 began, over all rounds. */
  double total(long utcMs) {
    double round = values[last()] - values[0];
    long first = Math.floorMod(atMs[0], DAY_MS);
    return Math.floorDiv(utcMs - first, spanMs) * round + value(utcMs) - values[0];
  }

  private int index(long utcMs) {
    long first = Math.floorMod(atMs[0], DAY_MS);
    long inRound = Math.floorMod(utcMs - first, spanMs);
    int found = Arrays.binarySearch(atMs, atMs[0] + inRound);
    return found >= 0 ? found : Math.max(0, -found - 2);
  }

  private int last() {
    int found = Arrays.binarySearch(atMs, atMs[0] + spanMs);
    return found >= 0 ? found : Math.max(0, -found - 2);
  }
}
