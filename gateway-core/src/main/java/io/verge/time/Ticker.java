package io.verge.time;

/** Monotonic time and waiting on it. A simulator's ticker advances instead of sleeping. */
public interface Ticker {
  /** Nanoseconds since the machine's boot; never steps, never goes back. */
  long nanos();

  /**
   * Returns when {@link #nanos()} has reached {@code deadlineNanos}, or the thread is told to stop.
   */
  void sleepUntil(long deadlineNanos);

  default long millis() {
    return nanos() / 1_000_000;
  }
}
