package io.verge.simulator.fleet;

import io.verge.time.Worker;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Steps very many workers on a few threads: a worker stays with its thread. */
final class FleetCrew implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FleetCrew.class);
  private static final long JOIN_MS = 60_000;

  private final List<Bench> benches = new ArrayList<>();
  private int turn;

  FleetCrew(int threads) {
    for (int i = 0; i < threads; i++) {
      Bench bench = new Bench("fleet-" + i);
      benches.add(bench);
      bench.thread.start();
    }
  }

  void start(Worker worker) {
    benches.get(turn++ % benches.size()).add(worker);
  }

  /** Closes every worker, each on its thread, and returns when that is done. */
  @Override
  public void close() throws InterruptedException {
    benches.forEach(Bench::stop);
    for (Bench bench : benches) {
      bench.thread.join(JOIN_MS);
    }
  }

  /** A worker and when it is due; what was rung is due at once. */
  private record Due(long nanos, Seat seat) implements Comparable<Due> {
    @Override
    public int compareTo(Due other) {
      return Long.compare(nanos, other.nanos);
    }
  }

  private static final class Seat {
    final Worker worker;
    final AtomicBoolean isRung = new AtomicBoolean();
    long dueNanos;

    Seat(Worker worker) {
      this.worker = worker;
    }
  }

  private static final class Bench implements Runnable {
    final Thread thread;
    private final ConcurrentLinkedQueue<Seat> rung = new ConcurrentLinkedQueue<>();
    private final PriorityQueue<Due> dues = new PriorityQueue<>();
    private final Map<Worker, Seat> seats = new HashMap<>();
    private volatile boolean stopping;

    Bench(String name) {
      thread = new Thread(this, name);
    }

    void add(Worker worker) {
      Seat seat = new Seat(worker);
      worker.bell().attach(() -> ring(seat));
      ring(seat);
    }

    private void ring(Seat seat) {
      if (seat.isRung.compareAndSet(false, true)) {
        rung.add(seat);
        LockSupport.unpark(thread);
      }
    }

    void stop() {
      stopping = true;
      LockSupport.unpark(thread);
    }

    @Override
    public void run() {
      while (!stopping) {
        for (Seat seat = rung.poll(); seat != null; seat = rung.poll()) {
          seat.isRung.set(false);
          seats.putIfAbsent(seat.worker, seat);
          step(seat);
        }
        long now = System.nanoTime();
        while (!dues.isEmpty() && dues.peek().nanos() <= now) {
          Due due = dues.remove();
          if (due.nanos() == due.seat().dueNanos) {
            step(due.seat());
          }
        }
        long wait = dues.isEmpty() ? Long.MAX_VALUE : dues.peek().nanos() - System.nanoTime();
        if (rung.isEmpty() && !stopping && wait > 0) {
          LockSupport.parkNanos(this, wait);
        }
      }
      seats.values().forEach(Bench::close);
    }

    private void step(Seat seat) {
      long now = System.nanoTime();
      try {
        seat.dueNanos = seat.worker.step(now);
      } catch (Exception e) {
        throw new IllegalStateException(seat.worker.name() + " cannot go on", e);
      }
      if (seat.dueNanos != Worker.NEVER) {
        seat.dueNanos = Math.max(seat.dueNanos, now + 1);
        dues.add(new Due(seat.dueNanos, seat));
      }
    }

    private static void close(Seat seat) {
      try {
        seat.worker.close();
      } catch (Exception e) {
        LOG.warn("{}: closing failed: {}", seat.worker.name(), e.getMessage());
      }
    }
  }
}
