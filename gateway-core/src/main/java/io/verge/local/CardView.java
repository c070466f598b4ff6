package io.verge.local;

import org.jspecify.annotations.Nullable;

/**
 * The card (or disk) that the store lies on.
 *
 * @param name as in {@code /sys/block}.
 * @param bytes its size.
 * @param todayBytes what it was told to write since midnight UTC, by everybody.
 * @param dayBytes the same a day on average; null: not watched long enough.
 * @param enduranceBytes what it stands in its life.
 * @param assumed nobody said so: it is a cautious guess from its size.
 * @param lifeDays how long it lasts at that rate, counted from new; null with {@code dayBytes}.
 * @param usedPercent of its life, as an eMMC tells itself, rounded up to tens; null: it does not.
 */
public record CardView(
    String name,
    long bytes,
    long todayBytes,
    @Nullable Long dayBytes,
    long enduranceBytes,
    boolean assumed,
    @Nullable Long lifeDays,
    @Nullable Integer usedPercent) {}
