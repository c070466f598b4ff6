package io.verge.time;

import java.util.concurrent.locks.LockSupport;

/** The machine's CLOCK_MONOTONIC, which {@link System#nanoTime} is on Linux. */
public final class SystemTicker implements Ticker {
  @Override
  public long nanos() {
    return System.nanoTime();
  }

  @Override
  public void sleepUntil(long deadlineNanos) {
    long left;
    while ((left = deadlineNanos - System.nanoTime()) > 0
        && !Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(left);
    }
  }
}
