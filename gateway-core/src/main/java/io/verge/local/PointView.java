package io.verge.local;

import org.jspecify.annotations.Nullable;

/**
 * The last reading of one point.
 *
 * @param value decimal text in {@code unit}; null: no value.
 * @param unit SenML unit, or empty.
 * @param quality {@code good}, {@code suspect}, {@code timeout} …; {@code none} before the first
 *     sample.
 * @param at ISO 8601 UTC, or null where the clock was not trusted then.
 * @param ageMs milliseconds since the sample; null before the first.
 */
public record PointView(
    String asset,
    String point,
    @Nullable String value,
    String unit,
    String quality,
    @Nullable String at,
    @Nullable Long ageMs) {}
