package io.verge.local;

import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
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
  private Desk.@Nullable Past past;
  private Runnable wake = () -> {};
  private final AtomicReference<Desk.@Nullable Page> arrived = new AtomicReference<>();
  private boolean asked;
  private String failure = "";

  private Feed(long id, Iterator<?> head, @Nullable ArrayBlockingQueue<Object> live) {
    this.id = id;
    this.head = head;
    this.live = live;
  }

  static Feed of(long id, Iterable<?> items) {
    return new Feed(id, items.iterator(), null);
  }

  /** Asks for the next page when the client has taken the one before. */
  static Feed pulled(long id, Desk.Past past, Runnable wake) {
    Feed feed = new Feed(id, Collections.emptyIterator(), null);
    feed.past = past;
    feed.wake = wake;
    return feed;
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

  /**
   * What a subscription tells, from its first call on.
   *
   * @param subscribe given where to put the items; its end, or null if there is nothing to follow.
   */
  static @Nullable Feed live(
      long id, Function<Consumer<Object>, @Nullable Runnable> subscribe, Runnable wake) {
    ArrayBlockingQueue<Object> queue = new ArrayBlockingQueue<>(LIVE_MAX);
    Feed feed = new Feed(id, Collections.emptyIterator(), queue);
    Runnable end =
        subscribe.apply(
            item -> {
              if (!queue.offer(item)) {
                feed.overflowed.set(true);
              }
              wake.run();
            });
    if (end == null) {
      return null;
    }
    feed.end = end;
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
    if (past != null) {
      turn(past);
      return head.hasNext() ? head.next() : null;
    }
    return live == null ? null : live.poll();
  }

  private void turn(Desk.Past from) {
    Desk.Page page = arrived.getAndSet(null);
    if (page != null) {
      asked = false;
      head = page.readings().iterator();
      failure = page.why();
      past = page.more() ? from : null;
    }
    if (past != null && !head.hasNext() && !asked) {
      asked = true;
      from.next(
          answer -> {
            arrived.set(answer);
            wake.run();
          });
    }
  }

  /** Why what follows can't be told, or empty. */
  String failure() {
    return failure;
  }

  /** Nothing will follow. */
  boolean isEnded() {
    return live == null && past == null && !head.hasNext();
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
