package io.verge.wire;

/**
 * Opens a session: where the store stands.
 *
 * @param oldest per lane number, the oldest batch not acked (equal to {@code next} if none).
 * @param next per lane number, the next batch to be sealed.
 * @param config revision or hash of the configuration; may be empty.
 * @param version of the software.
 */
public record Hello(
    long epoch,
    long boot,
    long[] oldest,
    long[] next,
    long catalogRev,
    String config,
    String version) {}
