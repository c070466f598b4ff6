package io.verge.poll;

import io.verge.health.Counters;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What people and back ends ask of a bus between its polls; each is served or dropped, once. */
final class Requests {
  private static final Logger LOG = LoggerFactory.getLogger(Requests.class);

  /** More at once than a person or a back end sends. */
  static final int MOST = 256;

  /**
   * One of them.
   *
   * @param run on the bus thread, at its turn, with the time.
   * @param drop instead, if the bus stops before.
   */
  record Request(LongConsumer run, Runnable drop) {}

  private final String bus;
  private final Counters counters;
  private final ArrayBlockingQueue<Request> waiting = new ArrayBlockingQueue<>(MOST);
  private volatile boolean closed;

  Requests(String bus, Counters counters) {
    this.bus = bus;
    this.counters = counters;
  }

  /**
   * Any thread.
   *
   * @return false if too many wait, or the bus has stopped: neither half is called then.
   */
  boolean add(Request request) {
    if (closed || !waiting.offer(request)) {
      return false;
    }
    return !closed || !waiting.remove(request);
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** Bus thread; false if none waits. */
  boolean serve(long nowNanos) {
    Request request = waiting.poll();
    if (request == null) {
      return false;
    }
    try {
      request.run().accept(nowNanos);
    } catch (RuntimeException e) {
      counters.increment("bus." + bus + ".bugs");
      LOG.error("bus {}: a request failed by a bug", bus, e);
    }
    return true;
  }

  /** Whoever still waits is told; bus thread. */
  void close() {
    closed = true;
    for (Request request = waiting.poll(); request != null; request = waiting.poll()) {
      request.drop().run();
    }
  }
}
