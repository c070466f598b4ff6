package io.verge.wire;

import io.verge.model.Lane;

/**
 * The back end has committed every batch of the lane up to {@code bseq}.
 *
 * @param nowMs its clock, or 0 if it does not say.
 * @param needCatalog it can't read on without the catalog.
 */
public record Ack(long epoch, Lane lane, long bseq, long nowMs, boolean needCatalog) {}
