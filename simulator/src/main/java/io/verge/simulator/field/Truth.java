package io.verge.simulator.field;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongBinaryOperator;
import java.util.function.LongUnaryOperator;

/**
 * What each point of each device really is at every moment. Most values change every second by no
 * rule a wrong answer could follow: one of another device, point or time is found out.
 */
public final class Truth {
  /** Longest time from a device's saying it to the sample's stamp: a poll with all its retries. */
  private static final long WINDOW_NANOS = 40_000_000_000L;

  /** Stamps are rounded to ticks of 100 ms, and clocks read one after the other. */
  private static final long ROUNDING_NANOS = 250_000_000L;

  private static final long STEP_NANOS = 500_000_000L;

  /** Whether a value may have been read in a span of nanoseconds. */
  @FunctionalInterface
  interface Fact {
    boolean holds(long value, long fromNanos, long toNanos);
  }

  private final long seed;
  private final Map<String, Fact> facts = new LinkedHashMap<>();

  public Truth(long seed) {
    this.seed = seed;
  }

  /** A number of {@code from..from + count - 1} that leaps every so many seconds. */
  LongUnaryOperator leaping(String name, int seconds, long from, long count) {
    long salt = seed * 31 + name.hashCode();
    return nanos -> {
      long mixed = (salt ^ nanos / (seconds * 1_000_000_000L)) * 0x9E3779B97F4A7C15L;
      mixed = (mixed ^ mixed >>> 30) * 0xBF58476D1CE4E5B9L;
      mixed = (mixed ^ mixed >>> 27) * 0x94D049BB133111EBL;
      return from + Long.remainderUnsigned(mixed ^ mixed >>> 31, count);
    };
  }

  /** The point's value is a function of time that holds still for a second at least. */
  void put(String asset, String point, LongUnaryOperator at) {
    put(
        asset,
        point,
        (value, from, to) -> {
          for (long nanos = to; nanos >= from; nanos -= STEP_NANOS) {
            if (at.applyAsLong(nanos) == value) {
              return true;
            }
          }
          return false;
        });
  }

  void always(String asset, String point, long constant) {
    put(asset, point, nanos -> constant);
  }

  /** Any value from the least at the span's begin to the most at its end. */
  void between(String asset, String point, LongUnaryOperator least, LongUnaryOperator most) {
    put(
        asset,
        point,
        (value, from, to) -> value >= least.applyAsLong(from) && value <= most.applyAsLong(to));
  }

  private void put(String asset, String point, Fact fact) {
    facts.put(asset + "/" + point, fact);
  }

  /** A function of two others at the same moment. */
  static LongUnaryOperator of(LongUnaryOperator a, LongUnaryOperator b, LongBinaryOperator f) {
    return nanos -> f.applyAsLong(a.applyAsLong(nanos), b.applyAsLong(nanos));
  }

  /**
   * Judges a good reading.
   *
   * @param value in units of the point's resolution.
   * @param stampNanos when the sample was taken, on the clock of the facts.
   * @return empty, or what is wrong with it.
   */
  public String judge(String asset, String point, long value, long stampNanos) {
    Fact fact = facts.get(asset + "/" + point);
    if (fact == null) {
      return String.format(Locale.ROOT, "%s/%s: nobody knows its truth", asset, point);
    }
    return fact.holds(value, stampNanos - WINDOW_NANOS, stampNanos + ROUNDING_NANOS)
        ? ""
        : String.format(
            Locale.ROOT,
            "%s/%s = %d at %.1f s was never true",
            asset,
            point,
            value,
            stampNanos / 1e9);
  }
}
