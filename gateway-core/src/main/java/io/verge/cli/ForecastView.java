package io.verge.cli;

import org.jspecify.annotations.Nullable;

/**
 * When a container will be full.
 *
 * @param fill per cent now; null: not known.
 * @param full per cent at which it counts as full.
 * @param days until then, most likely; 0: it is full; null: not known, or it does not fill.
 * @param earliestDays by its past, hardly ever it is full before.
 * @param latestDays hardly ever after; null: it may not fill at all.
 * @param windows stretches of its past that this is taken from; 0: nothing can be told yet.
 */
record ForecastView(
    String asset,
    @Nullable Double fill,
    int full,
    @Nullable Double days,
    @Nullable Double earliestDays,
    @Nullable Double latestDays,
    int windows) {}
