package io.verge.simulator.world;

import io.verge.simulator.backend.Later;
import io.verge.time.Ticker;
import io.verge.time.WallClock;
import java.util.Comparator;
import java.util.PriorityQueue;

/** Time that moves only when somebody waits, and what is put off in it. One thread. */
final class VirtualTime implements Ticker, Later, WallClock {
  private record Put(long nanos, long order, Runnable work) {}

  private final long beginUtcMs;
  private final PriorityQueue<Put> agenda =
      new PriorityQueue<>(Comparator.comparingLong(Put::nanos).thenComparingLong(Put::order));
  private long nanos = 1_000_000_000L;
  private long order;
  private long trustedNanos;

  VirtualTime(long beginUtcMs) {
    this.beginUtcMs = beginUtcMs;
  }

  @Override
  public long nanos() {
    return nanos;
  }

  @Override
  public void sleepUntil(long deadlineNanos) {
    nanos = Math.max(nanos, deadlineNanos);
  }

  @Override
  public void at(long when, Runnable work) {
    agenda.add(new Put(when, order++, work));
  }

  long nextNanos() {
    Put next = agenda.peek();
    return next == null ? Long.MAX_VALUE : next.nanos();
  }

  void runDue() {
    while (nextNanos() <= nanos) {
      agenda.remove().work().run();
    }
  }

  @Override
  public long utcMs() {
    return beginUtcMs + nanos / 1_000_000;
  }

  /** Until then nobody knows the time. */
  void trustFrom(long when) {
    trustedNanos = when;
  }

  @Override
  public boolean isTrusted() {
    return nanos >= trustedNanos;
  }

  @Override
  public int uncertaintyMs() {
    return 1;
  }

  /** Its own time is exact: nobody knows better. */
  @Override
  public void offer(long utcMs, int uncMs) {}
}
