package io.verge.local;

import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A stream of answers to one request: a list that is already there, then, for a watch, what happens
 * from now on. Items are encoded only when the client has room for them.
 */
final class Feed implements AutoCloseable {
  /** A round of 1000 devices in one second may wait for a client that is busy drawing. */
  static final int LIVE_MAX = 1024;

  private final long id;
  private Iterator<?> head;
  private final @Nullable ArrayBlockingQueue<Object> live;
  private final AtomicBoolean overflowed = new AtomicBoolean();
  private Runnable end = () -> {};
  private long lastEvent = Long.MIN_VALUE;

  private Feed(long id, Iterator<?> head, @Nullable ArrayBlockingQueue<Object> live) {
    this.id = id;
    this.head = head;
    this.live = live;
  }

  static Feed of(long id, Iterable<?> items) {
    return new Feed(id, items.iterator(), null);
  }

  /**
   * @param head asked for after the watch has begun, so that nothing falls between the two; an
   *     event that is in both is told once.
   * @param select what to tell of an item, or null to pass it by; called by any thread.
   * @param wake called by any thread after something was put in.
   */
  static Feed live(
      long id,
      Desk desk,
      Supplier<List<?>> head,
      Function<ItemView, @Nullable Object> select,
      Runnable wake) {
    ArrayBlockingQueue<Object> queue = new ArrayBlockingQueue<>(LIVE_MAX);
    Feed feed = new Feed(id, Collections.emptyIterator(), queue);
    Consumer<ItemView> consumer =
        item -> {
          Object told = select.apply(item);
          if (told != null) {
            if (!queue.offer(told)) {
              feed.overflowed.set(true);
            }
            wake.run();
          }
        };
    feed.end = desk.watch(consumer);
    feed.head = head.get().iterator();
    return feed;
  }

  long id() {
    return id;
  }

  /** The next item, or null while there is none. */
  @Nullable Object next() {
    Object item = head.hasNext() ? head.next() : poll();
    while (item instanceof EventView event && event.number() <= lastEvent) {
      item = poll();
    }
    if (item instanceof EventView event) {
      lastEvent = event.number();
    }
    return item;
  }

  private @Nullable Object poll() {
    return live == null ? null : live.poll();
  }

  /** Nothing will follow. */
  boolean isEnded() {
    return live == null && !head.hasNext();
  }

  /** The client read more slowly than things happened, and something was lost. */
  boolean hasOverflowed() {
    return overflowed.get();
  }

  @Override
  public void close() {
    end.run();
  }
}
