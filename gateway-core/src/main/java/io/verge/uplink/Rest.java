package io.verge.uplink;

/**
 * Between connections that nobody misses: an uplink that connects only when needed hangs up once
 * nothing is left to send. Uplink thread only.
 */
final class Rest {
  /** So long may acks of events that the connection itself causes, and commands, still come. */
  static final long LINGER_NANOS = 10_000_000_000L;

  private final long everyNanos;
  private boolean resting;
  private long upNanos = Long.MIN_VALUE;
  private long idleNanos = Long.MAX_VALUE;

  /**
   * @param everyMs at most this long without a connection; 0: always connected.
   */
  Rest(long everyMs) {
    this.everyNanos = everyMs * 1_000_000;
  }

  boolean isResting() {
    return resting;
  }

  /** Connected. */
  void up(long now) {
    upNanos = now;
    idleNanos = Long.MAX_VALUE;
    resting = false;
  }

  /** The connection is over by a fault. */
  void failed() {
    resting = false;
  }

  /**
   * @param isIdle nothing is under way or waits to be sent.
   * @return whether it has been so long enough to hang up.
   */
  boolean isDue(boolean isIdle, long now) {
    idleNanos = !isIdle ? Long.MAX_VALUE : Math.min(idleNanos, now);
    return everyNanos > 0 && isIdle && now - idleNanos >= LINGER_NANOS;
  }

  /** When {@link #isDue} is to be asked again. */
  long dueNanos() {
    return everyNanos > 0 && idleNanos != Long.MAX_VALUE
        ? idleNanos + LINGER_NANOS
        : Long.MAX_VALUE;
  }

  /**
   * Hung up.
   *
   * @return when it connects again, if nothing calls sooner.
   */
  long begin(long now) {
    resting = true;
    return everyNanos == 0 ? now : Math.max(now, upNanos + everyNanos);
  }

  /** Whether what waits in a lane is worth a connection now. */
  boolean isWorthIt(boolean isEvent, long now) {
    return isEvent || now - upNanos >= everyNanos / 2;
  }
}
