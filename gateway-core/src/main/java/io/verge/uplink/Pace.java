package io.verge.uplink;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * What a stream-like link carries, learnt from when its messages were taken, and whether it has
 * room for more backlog: what was handed to TCP can't be overtaken, so an event would wait behind
 * it. A further batch of backlog goes when what was handed before it has nearly left; the link then
 * never idles, and an event waits for one batch at most. Pure.
 */
final class Pace {
  /** What may be left of one batch when the next is handed over. */
  private static final long AHEAD_NANOS = 300_000_000L;

  /** Shorter messages tell of the round trip, not of the rate. */
  private static final int SAMPLE_BYTES_MIN = 1200;

  private static final int SHORT_BYTES_MAX = 400;

  /** Under way at most while the rate is not known, and one batch more. */
  private static final int FIRST_BYTES = 8 * 1024;

  private static final int SAMPLES = 7;

  /** Bytes a second that nobody need pace: a batch of backlog leaves in a few milliseconds. */
  private static final long FAST = 4_000_000;

  private static final double SECOND = 1e9;

  private record Handed(int bytes, long atNanos, boolean alone) {}

  private final Map<Long, Handed> underWay = new HashMap<>();
  private final Deque<Long> samples = new ArrayDeque<>();
  private long underWayBytes;
  private long rttNanos = Long.MAX_VALUE;
  private long takenNanos;
  private long freeNanos;
  private long rate;

  /** Bytes a second, the middle of the last samples; 0: not known yet. */
  long rate() {
    return rate;
  }

  /** A new connection: nothing is under way; the link is likely the one before. */
  void forget() {
    underWay.clear();
    underWayBytes = 0;
    freeNanos = 0;
  }

  void handed(long token, int bytes, long now) {
    underWay.put(token, new Handed(bytes, now, underWay.isEmpty()));
    underWayBytes += bytes;
    freeNanos = Math.max(freeNanos, now) + leaving(bytes);
  }

  /** It will not be told of any more. */
  void dropped(long token) {
    Handed handed = underWay.remove(token);
    underWayBytes -= handed == null ? 0 : handed.bytes();
  }

  void taken(long token, long now) {
    Handed handed = underWay.remove(token);
    if (handed == null) {
      return;
    }
    underWayBytes -= handed.bytes();
    if (handed.alone() && handed.bytes() <= SHORT_BYTES_MAX) {
      rttNanos = Math.min(rttNanos, now - handed.atNanos());
    }
    if (handed.bytes() >= SAMPLE_BYTES_MIN && rttNanos != Long.MAX_VALUE) {
      sample(handed, now);
    }
    takenNanos = now;
    // It had left a round trip ago, and what follows has been leaving since.
    long ago = rttNanos == Long.MAX_VALUE ? 0 : rttNanos;
    freeNanos = Math.max(0, now - ago) + leaving(underWayBytes);
  }

  private void sample(Handed handed, long now) {
    long waited = now - handed.atNanos();
    long nanos =
        takenNanos > handed.atNanos()
            ? Math.min(now - takenNanos, waited)
            : Math.max(0, waited - rttNanos);
    samples.add((long) Math.min(FAST, handed.bytes() * SECOND / Math.max(1, nanos)));
    if (samples.size() > SAMPLES) {
      samples.remove();
    }
    long[] sorted = samples.stream().mapToLong(Long::longValue).toArray();
    Arrays.sort(sorted);
    rate = Math.max(1, sorted[sorted.length / 2]);
  }

  private long leaving(long bytes) {
    return rate == 0 || rate >= FAST ? 0 : (long) (bytes * SECOND / rate);
  }

  boolean hasRoom(long now) {
    return now >= roomNanos();
  }

  /** When there is room, as far as is known; {@link Long#MAX_VALUE}: when something is taken. */
  long roomNanos() {
    if (rate == 0) {
      return underWayBytes < FIRST_BYTES ? 0 : Long.MAX_VALUE;
    }
    return underWay.isEmpty() ? 0 : freeNanos - AHEAD_NANOS;
  }

  /** Whether batches of backlog go one by one. */
  boolean isSlow() {
    return rate > 0 && rate < FAST;
  }
}
