package io.verge.runtime;

import io.verge.bytes.Hex;
import io.verge.local.FrameView;
import io.verge.local.SampleView;
import io.verge.model.Stamp;
import io.verge.poll.FrameTap;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The last frames of each bus, always kept, and who follows them. Bus threads write, the local
 * thread asks; each bus has its own lock, held for as long as a frame takes to be put in a queue.
 */
final class Traces implements FrameTap {
  /** Frames kept a bus: some minutes of a slow one; at most 1 KiB each. */
  static final int KEPT = 256;

  private final Supplier<Stamp> clock;
  private final Map<String, Ring> rings = new HashMap<>();

  private static final class Ring {
    private final String protocol;
    private final ArrayDeque<FrameView> frames = new ArrayDeque<>();
    private final List<Consumer<FrameView>> followers = new ArrayList<>();

    Ring(String protocol) {
      this.protocol = protocol;
    }
  }

  Traces(Supplier<Stamp> clock) {
    this.clock = clock;
  }

  /** Before the workers start. */
  void add(String bus, String protocol) {
    rings.put(bus, new Ring(protocol));
  }

  @Override
  public void saw(String bus, long nanos, boolean sent, byte[] bytes) {
    Ring ring = rings.get(bus);
    if (ring == null) {
      return;
    }
    Stamp now = clock.get();
    FrameView frame =
        new FrameView(
            bus, SampleView.utc(now), nanos / 1_000_000, sent, Hex.plain(bytes), ring.protocol);
    synchronized (ring) {
      if (ring.frames.size() == KEPT) {
        ring.frames.removeFirst();
      }
      ring.frames.addLast(frame);
      ring.followers.forEach(follower -> follower.accept(frame));
    }
  }

  /**
   * Tells the frames kept, then each that passes.
   *
   * @return ends it; null: no such bus.
   */
  @Nullable Runnable follow(String bus, Consumer<FrameView> follower) {
    Ring ring = rings.get(bus);
    if (ring == null) {
      return null;
    }
    synchronized (ring) {
      ring.frames.forEach(follower);
      ring.followers.add(follower);
    }
    return () -> {
      synchronized (ring) {
        ring.followers.remove(follower);
      }
    };
  }
}
