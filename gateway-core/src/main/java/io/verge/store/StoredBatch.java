package io.verge.store;

import io.verge.model.Lane;

/**
 * A sealed batch as stored: the very bytes that travel.
 *
 * @param catalogRev the revision its bytes name.
 * @param samples how many samples (events included) it numbers, from {@code rseqFirst} on.
 * @param message coding byte first.
 */
public record StoredBatch(
    Lane lane,
    long bseq,
    long rseqFirst,
    int samples,
    int readings,
    long catalogRev,
    byte[] message) {}
