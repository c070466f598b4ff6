package io.verge.poll;

/**
 * Keeps one dead device from taking the bus: after three polls without an answer it is only probed,
 * at doubling distances, and never for more than a fiftieth of the bus's time. A value; the bus
 * worker keeps one a device, and {@link Probes} bounds what all dead devices take together.
 *
 * @param failures polls without an answer since the last answer.
 * @param probeNanos when it may be asked next; meaningful while open.
 */
record Breaker(int failures, long probeNanos) {
  static final Breaker CLOSED = new Breaker(0, 0);

  /** Two could be noise; three in a row is a device that is gone. */
  static final int FAILURES_TO_OPEN = 3;

  private static final long PROBE_MAX_NANOS = 15L * 60 * 1_000_000_000;

  /** A probe costs one time-out at most every 50 of them: 2 % of the bus. */
  static final int SHARE = 50;

  boolean isOpen() {
    return failures >= FAILURES_TO_OPEN;
  }

  boolean mayAsk(long nowNanos) {
    return !isOpen() || nowNanos >= probeNanos;
  }

  /**
   * The device did not answer.
   *
   * @param costNanos how long it kept the bus waiting.
   */
  Breaker failed(long nowNanos, long everyNanos, long costNanos) {
    int more = Math.min(failures + 1, 1000);
    int doublings = Math.min(10, Math.max(0, more - FAILURES_TO_OPEN + 1));
    long wait = Math.min(PROBE_MAX_NANOS, everyNanos << doublings);
    return new Breaker(more, nowNanos + Math.max(wait, costNanos * SHARE));
  }

  /** Another silent device of the bus answers: this one may be back as well. */
  Breaker hopeful(long nowNanos) {
    return isOpen() ? new Breaker(failures, Math.min(probeNanos, nowNanos)) : this;
  }
}
