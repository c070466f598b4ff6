package io.verge.simulator.bench;

import java.io.PrintStream;
import java.util.Arrays;
import java.util.Locale;

/**
 * Where figures go: a JSON line each to one stream, the same for people and what is under way to
 * the other.
 */
final class Figures {
  /** Whom most figures are of. */
  static final String VERGE = "verge";

  private final String bench;
  private final PrintStream out;
  private final PrintStream err;

  Figures(String bench, PrintStream out, PrintStream err) {
    this.bench = bench;
    this.out = out;
    this.err = err;
  }

  void say(String what) {
    err.println(bench + ": " + what);
    err.flush();
  }

  /**
   * One figure.
   *
   * @param who verge, a peer, or {@code limit}.
   * @param n readings, frames or whatever one run handles.
   */
  void put(String figure, double value, String unit, String who, long n, int runs) {
    out.println(json(bench, figure, value, unit, who, n, runs));
    out.flush();
    err.printf(Locale.ROOT, "  %-22s %-22s %14s %s%n", figure, who, rounded(value), unit);
    err.flush();
  }

  static String json(
      String bench, String figure, double value, String unit, String who, long n, int runs) {
    return String.format(
        Locale.ROOT,
        "{\"bench\":\"%s\",\"figure\":\"%s\",\"value\":%s,\"unit\":\"%s\",\"who\":\"%s\","
            + "\"n\":%d,\"runs\":%d}",
        bench,
        figure,
        rounded(value),
        unit,
        who,
        n,
        runs);
  }

  /** Four significant digits below a thousand, whole numbers above. */
  static String rounded(double value) {
    double size = Math.abs(value);
    int decimals = size >= 1000 ? 0 : size >= 100 ? 1 : size >= 10 ? 2 : size >= 1 ? 3 : 4;
    return String.format(Locale.ROOT, "%." + decimals + "f", value);
  }

  /** The middle value, or the mean of the two in the middle. */
  static double median(double... values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
