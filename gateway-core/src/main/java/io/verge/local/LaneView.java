package io.verge.local;

import org.jspecify.annotations.Nullable;

/**
 * One lane of the store.
 *
 * @param lane {@code event}, {@code meter} or {@code telemetry}.
 * @param journalReadings readings committed but not yet sealed.
 * @param batches batches kept, acked ones included.
 * @param unackedBatches batches that some uplink still has to deliver.
 * @param oldestUnackedMs age of the oldest of them in milliseconds; null when there is none.
 * @param lastBatch number of the newest batch; 0: none yet.
 * @param firstSample number of the first sample or event of this run.
 * @param nextSample number of the next sample or event; all below are committed.
 * @param lostReadings readings given up since this store was made, all declared as gaps.
 */
public record LaneView(
    String lane,
    long journalReadings,
    long batches,
    long unackedBatches,
    long unackedBytes,
    @Nullable Long oldestUnackedMs,
    long lastBatch,
    long firstSample,
    long nextSample,
    long lostReadings) {}
