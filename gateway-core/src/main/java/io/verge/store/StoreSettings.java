package io.verge.store;

import java.util.List;

/**
 * How the store behaves.
 *
 * @param commitMs telemetry and meter samples are committed within so many milliseconds.
 * @param maxBytes of the store on disk, with write-ahead log, index of it, journal file, and
 *     ballast.
 * @param uplinks whose acks free batches, by name.
 */
public record StoreSettings(
    long commitMs, long maxBytes, SealPolicy seal, List<String> uplinks, ShedPolicy shed) {
  /** Smaller than this a store can't hold its own write-ahead log and a day of a small street. */
  public static final long BYTES_LEAST = 4L << 20;

  public StoreSettings {
    uplinks = List.copyOf(uplinks);
    if (commitMs < 1 || maxBytes < BYTES_LEAST) {
      throw new IllegalArgumentException("commit " + commitMs + " ms, at most " + maxBytes + " B");
    }
  }

  /** Gives way by {@link ShedPolicy#DEFAULT}. */
  public StoreSettings(long commitMs, long maxBytes, SealPolicy seal, List<String> uplinks) {
    this(commitMs, maxBytes, seal, uplinks, ShedPolicy.DEFAULT);
  }
}
