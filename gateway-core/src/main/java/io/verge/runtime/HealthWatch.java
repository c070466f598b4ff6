package io.verge.runtime;

import io.verge.health.Counters;
import io.verge.model.DeviceType;
import io.verge.model.Lane;
import io.verge.model.Quality;
import io.verge.model.Sample;
import io.verge.poll.SampleSink;
import io.verge.time.Bell;
import io.verge.time.Stamper;
import io.verge.time.Worker;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Samples the gateway's own device: every so often, and when somebody asks. */
final class HealthWatch implements Worker {
  /** Under which name the store keeps how often it was started on. */
  static final String OWNER = "health/starts";

  static final Lane LANE = Lane.TELEMETRY;

  /** By then the uplinks and the card have been looked at. */
  private static final long FIRST_NANOS = 10_000_000_000L;

  private static final long NANOS = 1_000_000;
  private static final int WAITING_MOST = 16;

  private final int device;
  private final DeviceType type;
  private final HealthSources sources;
  private final SampleSink sink;
  private final Stamper stamper;
  private final Counters counters;
  private final Bell bell = new Bell();
  private final ArrayBlockingQueue<Consumer<Sample>> waiting =
      new ArrayBlockingQueue<>(WAITING_MOST);
  private boolean isScheduled;
  private long dueNanos;
  private volatile @Nullable Sample last;

  /**
   * @param device index in the catalog.
   * @param type its points are those of {@code sources}.
   */
  HealthWatch(
      int device,
      DeviceType type,
      HealthSources sources,
      SampleSink sink,
      Stamper stamper,
      Counters counters) {
    this.device = device;
    this.type = type;
    this.sources = sources;
    this.sink = sink;
    this.stamper = stamper;
    this.counters = counters;
  }

  int device() {
    return device;
  }

  DeviceType type() {
    return type;
  }

  /** The latest; null before the first. Any thread. */
  @Nullable Sample last() {
    return last;
  }

  /**
   * Samples out of turn. Any thread.
   *
   * @param told called once, from the worker's thread.
   * @return false if too much is waiting; {@code told} is not called then.
   */
  boolean read(Consumer<Sample> told) {
    boolean taken = waiting.offer(told);
    bell.ring();
    return taken;
  }

  @Override
  public String name() {
    return "health";
  }

  @Override
  public Bell bell() {
    return bell;
  }

  @Override
  public long step(long nowNanos) {
    if (!isScheduled) {
      isScheduled = true;
      dueNanos = nowNanos + FIRST_NANOS;
    }
    boolean isDue = nowNanos - dueNanos >= 0;
    if (isDue || !waiting.isEmpty()) {
      Sample sample = take();
      for (Consumer<Sample> one = waiting.poll(); one != null; one = waiting.poll()) {
        one.accept(sample);
      }
    }
    if (isDue) {
      long periodNanos = type.periodMs() * NANOS;
      dueNanos += periodNanos;
      dueNanos = nowNanos - dueNanos >= 0 ? nowNanos + periodNanos : dueNanos;
    }
    return dueNanos;
  }

  private Sample take() {
    Sample sample = new Sample(device, stamper.now(), Quality.GOOD, sources.values(), null);
    last = sample;
    counters.add("readings.acquired", sample.readings());
    if (!sink.offer(LANE, sample, null)) {
      counters.add("readings.no_room", sample.readings());
    }
    return sample;
  }

  @Override
  public void close() {}
}
