package io.verge.uplink;

import io.verge.health.Counters;
import io.verge.time.Bell;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;

/**
 * What an uplink is to be told, in the order in which it came. Any thread adds; the uplink thread
 * takes, and says when a connection ends: what was said to or by an earlier one is dropped then.
 */
final class Inputs {
  /** Inputs in one step: other workers under the same crew want their turn too. */
  private static final int INPUTS_A_STEP = 256;

  /** Acks and commands waiting: more than a window's answers is a back end gone wild. */
  private static final int WAITING_MAX = 1000;

  private final Bell bell;
  private final Counters counters;
  private final String flooded;

  /** Each takes the time at which it is handled. */
  private final ConcurrentLinkedQueue<LongConsumer> inputs = new ConcurrentLinkedQueue<>();

  private final AtomicInteger waiting = new AtomicInteger();
  private long connection;

  /**
   * @param bell rung for each input.
   * @param flooded counts inputs from outside for which there was no room.
   */
  Inputs(Bell bell, Counters counters, String flooded) {
    this.bell = bell;
    this.counters = counters;
    this.flooded = flooded;
  }

  void add(LongConsumer input) {
    inputs.add(input);
    bell.ring();
  }

  /** Of no use to a later connection. */
  void add(long ofConnection, LongConsumer input) {
    add(
        now -> {
          if (ofConnection == connection) {
            input.accept(now);
          }
        });
  }

  /** The same for what the other side can send as often as it likes: only so many may wait. */
  void addFromOutside(long ofConnection, LongConsumer input) {
    if (waiting.incrementAndGet() > WAITING_MAX) {
      waiting.decrementAndGet();
      counters.increment(flooded);
      return;
    }
    add(
        now -> {
          waiting.decrementAndGet();
          if (ofConnection == connection) {
            input.accept(now);
          }
        });
  }

  /** Hands over what waits, as far as a step may. */
  void run(long nowNanos) {
    for (int i = 0; i < INPUTS_A_STEP; i++) {
      LongConsumer input = inputs.poll();
      if (input == null) {
        break;
      }
      input.accept(nowNanos);
    }
  }

  boolean isEmpty() {
    return inputs.isEmpty();
  }

  /** The number of the connection whose inputs count. Uplink thread only. */
  long connection() {
    return connection;
  }

  /** The connection is over. Uplink thread only. */
  void dropConnection() {
    connection++;
  }
}
