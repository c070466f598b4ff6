package io.verge.simulator.world;

import io.verge.time.Crew;
import io.verge.time.Worker;
import java.util.ArrayList;
import java.util.List;

/** Steps all workers on one thread, whoever is due first; a ring makes a worker due at once. */
final class SteppedCrew implements Crew {
  private static final class Seat {
    final Worker worker;
    long dueNanos;

    Seat(Worker worker) {
      this.worker = worker;
    }
  }

  /** Of one moment; far more than a day's backlog takes. */
  private static final int STEPS_MAX = 1_000_000;

  private final VirtualTime time;
  private final List<Seat> seats = new ArrayList<>();

  SteppedCrew(VirtualTime time) {
    this.time = time;
  }

  @Override
  public void start(Worker worker) {
    Seat seat = new Seat(worker);
    seat.dueNanos = time.nanos();
    worker.bell().attach(() -> seat.dueNanos = Math.min(seat.dueNanos, time.nanos()));
    seats.add(seat);
  }

  @Override
  public void stop(Worker worker) {
    if (seats.removeIf(seat -> seat.worker == worker)) {
      try {
        worker.close();
      } catch (Exception e) {
        throw new IllegalStateException(worker.name() + " does not close", e);
      }
    }
  }

  /** Runs everything due before {@code endNanos}. */
  void runUntil(long endNanos) {
    long atNanos = time.nanos();
    int steps = 0;
    while (true) {
      time.runDue();
      Seat next = null;
      for (Seat seat : seats) {
        if (next == null || seat.dueNanos < next.dueNanos) {
          next = seat;
        }
      }
      long due = Math.min(next == null ? Long.MAX_VALUE : next.dueNanos, time.nextNanos());
      if (due >= endNanos) {
        time.sleepUntil(endNanos);
        return;
      }
      time.sleepUntil(due);
      if (next != null && next.dueNanos <= time.nanos() && time.nextNanos() > time.nanos()) {
        steps = time.nanos() == atNanos ? steps + 1 : 0;
        atNanos = time.nanos();
        if (steps > STEPS_MAX) {
          throw new IllegalStateException(next.worker.name() + " spins: it waits for nothing");
        }
        step(next);
      }
    }
  }

  private void step(Seat seat) {
    seat.dueNanos = Worker.NEVER;
    try {
      long due = seat.worker.step(time.nanos());
      seat.dueNanos = Math.min(seat.dueNanos, due);
    } catch (Exception e) {
      throw new IllegalStateException(seat.worker.name() + " cannot go on", e);
    }
  }
}
