package io.verge.store;

/**
 * Where the store stands, for a hello.
 *
 * @param oldest per lane number, the oldest batch not acked by this uplink (equal to {@code next}
 *     if there is none).
 * @param next per lane number, the next batch to be sealed.
 * @param seen per lane number, the highest batch that a back end can know of: one that may have
 *     left, or one that is gone and was declared.
 * @param catalogRev the newest catalog revision.
 */
public record StoreMarks(long epoch, long[] oldest, long[] next, long[] seen, long catalogRev) {}
