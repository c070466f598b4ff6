package io.verge.store;

import io.verge.model.Stamp;

/**
 * How the last run ended.
 *
 * @param clean whether the store had been closed in order; true for a new one.
 * @param stamp of the last commit; null: there was none.
 */
public record LastCommit(boolean clean, @org.jspecify.annotations.Nullable Stamp stamp) {}
