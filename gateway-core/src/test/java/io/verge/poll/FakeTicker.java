package io.verge.poll;

import io.verge.time.Ticker;

/** Time that moves only when somebody waits. */
final class FakeTicker implements Ticker {
  private long nanos;

  @Override
  public long nanos() {
    return nanos;
  }

  @Override
  public void sleepUntil(long deadlineNanos) {
    nanos = Math.max(nanos, deadlineNanos);
  }
}
