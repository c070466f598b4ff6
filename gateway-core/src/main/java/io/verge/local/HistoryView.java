package io.verge.local;

import org.jspecify.annotations.Nullable;

/**
 * One value of the past.
 *
 * @param at ISO 8601 UTC, or null while the clock was not trusted.
 * @param ageMs milliseconds since then, or null where that is not known: an earlier start whose
 *     clock was never set.
 * @param value decimal text in {@code unit}; null: no value.
 */
public record HistoryView(
    @Nullable String at,
    @Nullable Long ageMs,
    @Nullable String value,
    String unit,
    String quality) {}
