package io.verge.uplink;

import java.util.random.RandomGenerator;

/**
 * How long to wait before the next connection. Pure.
 *
 * @param failures connections in a row that did not last.
 * @param refusals connections in a row that the other side turned away.
 */
record Backoff(int failures, int refusals) {
  static final Backoff NONE = new Backoff(0, 0);

  private static final long LEAST_NANOS = 1_000_000_000L;
  private static final long MOST_NANOS = 300L * 1_000_000_000;
  private static final long REFUSED_LEAST_NANOS = 30L * 1_000_000_000;
  private static final long REFUSED_MOST_NANOS = 3600L * 1_000_000_000;
  private static final int DOUBLINGS_MAX = 16;

  Backoff failed() {
    return new Backoff(Math.min(failures + 1, DOUBLINGS_MAX), 0);
  }

  Backoff refused() {
    return new Backoff(failures, Math.min(refusals + 1, DOUBLINGS_MAX));
  }

  /**
   * Full jitter: anywhere up to a limit that doubles, so that a thousand gateways do not come back
   * together. Refused: in the upper half of a longer limit, since soon will not help.
   */
  long nanos(RandomGenerator random) {
    if (refusals > 0) {
      long limit = Math.min(REFUSED_MOST_NANOS, REFUSED_LEAST_NANOS << (refusals - 1));
      return limit / 2 + random.nextLong(limit / 2);
    }
    long limit = Math.min(MOST_NANOS, LEAST_NANOS << Math.max(0, failures - 1));
    return 1 + random.nextLong(limit);
  }
}
