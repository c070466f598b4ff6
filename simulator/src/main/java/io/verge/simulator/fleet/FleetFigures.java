package io.verge.simulator.fleet;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/** What the whole fleet has done. Any thread. */
final class FleetFigures {
  /** Waits for acks that are kept for percentiles; beyond that the oldest give way. */
  private static final int WAITS_MAX = 200_000;

  final AtomicLong sealed = new AtomicLong();
  final AtomicLong acked = new AtomicLong();
  final AtomicLong readingsAcked = new AtomicLong();
  final AtomicLong payload = new AtomicLong();
  final AtomicLong skipped = new AtomicLong();
  final AtomicLong sent = new AtomicLong();
  final AtomicLong received = new AtomicLong();
  private final long[] waits = new long[WAITS_MAX];
  private long waitCount;

  /** A batch was acked so long after it was handed out. */
  synchronized void waited(long nanos) {
    waits[(int) (waitCount++ % WAITS_MAX)] = nanos;
  }

  /** Milliseconds below which this share of the waits lies; NaN if there are none. */
  synchronized double waitMs(double share) {
    int count = (int) Math.min(waitCount, WAITS_MAX);
    if (count == 0) {
      return Double.NaN;
    }
    long[] sorted = Arrays.copyOf(waits, count);
    Arrays.sort(sorted);
    return sorted[(int) Math.min(count - 1, (long) (share * count))] / 1e6;
  }

  synchronized void forgetWaits() {
    waitCount = 0;
  }
}
