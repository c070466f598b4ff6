package io.verge.transport.gpio;

import io.verge.transport.GpioChip;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;

/** Edges between who hears them and who takes them; bounded, and what did not fit is counted. */
final class EdgeQueue {
  private final LinkedBlockingQueue<GpioChip.Edge> edges =
      new LinkedBlockingQueue<>(GpioChip.EDGES_MAX);
  private final AtomicLong lost = new AtomicLong();

  /** Any thread. */
  void put(GpioChip.Edge edge) {
    if (!edges.offer(edge)) {
      lost.incrementAndGet();
    }
  }

  /** Any thread. */
  void lose(long more) {
    lost.addAndGet(more);
  }

  List<GpioChip.Edge> take() {
    List<GpioChip.Edge> taken = new ArrayList<>();
    edges.drainTo(taken);
    return taken;
  }

  long lost() {
    return lost.get();
  }
}
