package io.verge.time;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives every worker a thread of its own, which sleeps until the worker is due or its bell rings.
 */
public final class ThreadCrew implements Crew {
  private static final Logger LOG = LoggerFactory.getLogger(ThreadCrew.class);

  /** Longer than the slowest thing a worker may be in the middle of: a serial dialogue. */
  private static final long STOP_MS = 15_000;

  private final Ticker ticker;
  private final BiConsumer<Worker, Throwable> onBroken;
  private final Map<Worker, Seat> seats = new ConcurrentHashMap<>();

  /**
   * @param onBroken told, on the worker's thread, when a worker cannot go on; the worker is closed
   *     then.
   */
  public ThreadCrew(Ticker ticker, BiConsumer<Worker, Throwable> onBroken) {
    this.ticker = ticker;
    this.onBroken = onBroken;
  }

  @Override
  public void start(Worker worker) {
    Seat seat = new Seat(worker);
    seats.put(worker, seat);
    worker.bell().attach(seat::ring);
    seat.thread.start();
  }

  @Override
  public void stop(Worker worker) {
    Seat seat = seats.remove(worker);
    if (seat == null) {
      return;
    }
    seat.stopping = true;
    worker.bell().ring();
    try {
      seat.thread.join(STOP_MS);
      if (seat.thread.isAlive()) {
        LOG.error("{} does not stop; interrupting it", worker.name());
        seat.thread.interrupt();
        seat.thread.join(STOP_MS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * A worker that does not get on: it is in one step, or overdue for the next, for longer than a
   * limit.
   *
   * @param limitNanos longer than the slowest honest step.
   * @return its name; of several, any.
   */
  public Optional<String> stuck(long limitNanos) {
    long now = ticker.nanos();
    return seats.values().stream()
        .filter(seat -> seat.isStuck(now, limitNanos))
        .map(seat -> seat.worker.name())
        .findAny();
  }

  /** A worker and its thread. */
  private final class Seat implements Runnable {
    private final Worker worker;
    private final Thread thread;
    private volatile boolean stopping;
    private volatile boolean rung;

    /** Since when it steps, or when it will next; {@link Worker#NEVER} while only a bell is. */
    private volatile long moves;

    Seat(Worker worker) {
      this.worker = worker;
      this.thread = new Thread(this, worker.name());
      this.moves = ticker.nanos();
    }

    boolean isStuck(long nowNanos, long limitNanos) {
      long since = moves;
      return since != Worker.NEVER && nowNanos - since > limitNanos;
    }

    void ring() {
      rung = true;
      LockSupport.unpark(thread);
    }

    @Override
    public void run() {
      Throwable broken = null;
      try {
        while (!stopping) {
          rung = false;
          long now = ticker.nanos();
          moves = now;
          long due = worker.step(now);
          moves = Math.max(due, now);
          await(due);
        }
      } catch (Exception | Error e) {
        LOG.error("{} cannot go on", worker.name(), e);
        broken = e;
      }
      try {
        worker.close();
      } catch (Exception | Error e) {
        LOG.error("{}: closing failed", worker.name(), e);
        broken = broken == null ? e : broken;
      }
      if (broken != null) {
        onBroken.accept(worker, broken);
      }
    }

    private void await(long dueNanos) {
      while (!rung && !stopping) {
        if (dueNanos == Worker.NEVER) {
          LockSupport.park(this);
          continue;
        }
        long left = dueNanos - ticker.nanos();
        if (left <= 0) {
          return;
        }
        LockSupport.parkNanos(this, left);
      }
    }
  }
}
