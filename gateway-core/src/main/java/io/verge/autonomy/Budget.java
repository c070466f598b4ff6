package io.verge.autonomy;

/**
 * How many events a rule may still make: a handful at once, then one now and then.
 *
 * @param left whole events.
 * @param fullMs monotonic time at which {@code left} was last counted.
 */
record Budget(int left, long fullMs) {
  static final int MOST = 20;
  static final long REFILL_MS = 600_000;

  static Budget full(long nowMs) {
    return new Budget(MOST, nowMs);
  }

  /** Counts what has come since. */
  Budget at(long nowMs) {
    long more = (nowMs - fullMs) / REFILL_MS;
    return left + more >= MOST
        ? full(nowMs)
        : new Budget((int) (left + more), fullMs + more * REFILL_MS);
  }

  Budget spend() {
    return new Budget(left - 1, fullMs);
  }
}
