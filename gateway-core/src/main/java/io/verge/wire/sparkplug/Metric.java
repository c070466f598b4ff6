package io.verge.wire.sparkplug;

import org.jspecify.annotations.Nullable;

/**
 * One metric of a payload.
 *
 * @param name as in births and in commands of hosts that know no aliases; empty: by alias only.
 * @param alias unique within the edge node, or {@link #NO_ALIAS}.
 * @param timeMs milliseconds since 1970 UTC, or 0 where a host does not say.
 * @param type {@link #INT64} and so on, in births; 0: not said.
 * @param historical not to be taken for the current value.
 * @param value Long, Double, Boolean or String; null: there is none.
 * @param unit SenML unit, told in births; may be empty.
 * @param quality {@link #GOOD}, {@link #BAD} or {@link #STALE}.
 */
public record Metric(
    String name,
    long alias,
    long timeMs,
    int type,
    boolean historical,
    @Nullable Object value,
    String unit,
    int quality) {
  public static final long NO_ALIAS = -1;

  /** Data types (specification, "Sparkplug B data types"). */
  public static final int INT64 = 4;

  public static final int DOUBLE = 10;
  public static final int BOOLEAN = 11;
  public static final int STRING = 12;

  public static final int BAD = 0;
  public static final int GOOD = 192;
  public static final int STALE = 500;

  static Metric named(String name, long timeMs, int type, @Nullable Object value) {
    return new Metric(name, NO_ALIAS, timeMs, type, false, value, "", GOOD);
  }

  /** As in data messages, where name and type are those of the birth. */
  static Metric data(
      long alias, long timeMs, boolean historical, @Nullable Object value, int quality) {
    return new Metric("", alias, timeMs, 0, historical, value, "", quality);
  }
}
