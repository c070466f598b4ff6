package io.verge.poll;

import io.verge.driver.BusException;
import io.verge.driver.Order;
import io.verge.driver.Readout;
import io.verge.health.Counters;
import io.verge.model.Event;
import io.verge.model.Outcome;
import io.verge.model.Quality;
import io.verge.model.Sample;
import io.verge.model.Severity;
import io.verge.model.Stamp;
import io.verge.time.Bell;
import io.verge.time.Stamper;
import io.verge.time.Ticker;
import io.verge.time.Worker;
import io.verge.transport.PortUri;
import io.verge.transport.TransportProvider;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Owns one bus: polls its devices when they are due, executes orders between polls, and keeps a
 * dead device or a missing port from hurting the rest. Every turn of every device becomes a sample,
 * good or not.
 */
public final class BusWorker implements Worker {
  /** Orders and readings people wait for; more at once than a person or a back end sends. */
  private static final int REQUESTS_MAX = 256;

  private static final long REOPEN_LEAST_NANOS = 1_000_000_000L;
  private static final long REOPEN_MOST_NANOS = 30_000_000_000L;

  /** Receivers can't count on more: a JSON or CBOR number as a double is exact up to here. */
  private static final long VALUE_MAX = 1L << 53;

  /** What a bus was last seen doing. Any thread. */
  public record View(
      String name, boolean up, String why, long sinceMs, long busyMs, long skipped) {}

  /**
   * What a device was last seen doing.
   *
   * @param why what was found, where the sample is not good.
   * @param failures polls without an answer since the last one.
   */
  public record Last(Sample sample, String why, int failures) {}

  /** Something asked between polls. */
  private interface Request {
    void run(long nowNanos);
  }

  private final String name;
  private final BusPort port;
  private final List<Polled> devices;
  private final SampleSink sink;
  private final Stamper stamper;
  private final Ticker ticker;
  private final Counters counters;
  private final Bell bell = new Bell();
  private final ArrayBlockingQueue<Request> requests = new ArrayBlockingQueue<>(REQUESTS_MAX);
  private final Schedule schedule;
  private final Breaker[] breakers;
  private final AtomicReferenceArray<Last> last;
  private boolean up;
  private String why = "not opened yet";
  private long sinceMs;
  private long reopenNanos;
  private long reopenAfter = REOPEN_LEAST_NANOS;
  private long busyNanos;
  private volatile View view;

  BusWorker(
      String name,
      BusPort port,
      List<Polled> devices,
      SampleSink sink,
      Stamper stamper,
      Ticker ticker,
      Counters counters) {
    this.name = name;
    this.port = port;
    this.devices = List.copyOf(devices);
    this.sink = sink;
    this.stamper = stamper;
    this.ticker = ticker;
    this.counters = counters;
    long now = ticker.nanos();
    this.schedule = new Schedule(devices.stream().mapToLong(Polled::everyMs).toArray(), now);
    this.breakers = new Breaker[devices.size()];
    Arrays.fill(breakers, Breaker.CLOSED);
    this.last = new AtomicReferenceArray<>(devices.size());
    this.sinceMs = ticker.millis();
    this.reopenNanos = now;
    this.view = new View(name, false, why, sinceMs, 0, 0);
  }

  /** A worker for devices on a byte bus. */
  public static BusWorker onBytes(
      BusSettings settings,
      PortUri uri,
      TransportProvider provider,
      List<Polled> devices,
      SampleSink sink,
      Stamper stamper,
      Ticker ticker,
      Counters counters,
      FrameTap tap) {
    return new BusWorker(
        settings.name(),
        new BytePort(settings, uri, provider, ticker, counters, tap),
        devices,
        sink,
        stamper,
        ticker,
        counters);
  }

  /** A worker for devices on GPIO lines. */
  public static BusWorker onLines(
      String name,
      PortUri uri,
      TransportProvider provider,
      List<Polled> devices,
      SampleSink sink,
      Stamper stamper,
      Ticker ticker,
      Counters counters) {
    return new BusWorker(
        name, new LinePort(uri, provider, ticker), devices, sink, stamper, ticker, counters);
  }

  public String bus() {
    return name;
  }

  public List<Polled> devices() {
    return devices;
  }

  public View view() {
    return view;
  }

  /** The device's last turn; null before the first. */
  public @Nullable Last last(int position) {
    return last.get(position);
  }

  /**
   * Executes an order before the next poll; the outcome arrives on the bus thread. Any thread.
   *
   * @param position of the device in {@link #devices()}.
   * @return false if too much is waiting already; {@code done} is not called then.
   */
  public boolean order(int position, Order order, Consumer<Outcome> done) {
    return request(now -> done.accept(execute(position, order)));
  }

  /** Polls the device out of turn; its sample is stored as any other. Any thread. */
  public boolean read(int position, Consumer<Last> done) {
    return request(
        now -> {
          turn(position, now, true);
          Last found = last.get(position);
          if (found != null) {
            done.accept(found);
          }
        });
  }

  private boolean request(Request request) {
    boolean taken = requests.offer(request);
    bell.ring();
    return taken;
  }

  @Override
  public String name() {
    return "bus " + name;
  }

  @Override
  public Bell bell() {
    return bell;
  }

  @Override
  public long step(long nowNanos) {
    if (!up && nowNanos >= reopenNanos) {
      open();
    }
    Request request = requests.poll();
    if (request != null) {
      request.run(nowNanos);
    } else {
      int due = schedule.due(nowNanos);
      if (due >= 0) {
        turn(due, nowNanos, false);
        schedule.done(due, ticker.nanos());
      }
    }
    publish();
    if (!requests.isEmpty()) {
      return nowNanos;
    }
    return up ? schedule.nextNanos() : Math.min(schedule.nextNanos(), reopenNanos);
  }

  @Override
  public void close() {
    port.close();
    up = false;
    why = "stopped";
    publish();
  }

  private void open() {
    try {
      port.open();
      up = true;
      why = "";
      sinceMs = ticker.millis();
      reopenAfter = REOPEN_LEAST_NANOS;
      event("bus.up", Severity.NOTICE, Event.NO_DEVICE, Map.of("bus", name));
    } catch (BusException e) {
      down(String.valueOf(e.getMessage()));
    }
  }

  private void down(String reason) {
    port.close();
    boolean isNew = up || !reason.equals(why);
    up = false;
    why = reason;
    reopenNanos = ticker.nanos() + reopenAfter;
    reopenAfter = Math.min(REOPEN_MOST_NANOS, reopenAfter * 2);
    if (isNew) {
      sinceMs = ticker.millis();
      event("bus.down", Severity.ERROR, Event.NO_DEVICE, Map.of("bus", name, "why", reason));
    }
  }

  private void turn(int position, long nowNanos, boolean asked) {
    Polled polled = devices.get(position);
    int points = polled.driver().points().size();
    Breaker breaker = breakers[position];
    if (!up) {
      finish(position, Readout.failed(Quality.BUS_DOWN, points, why), breaker);
      return;
    }
    if (!asked && !breaker.mayAsk(nowNanos)) {
      finish(position, Readout.failed(Quality.TIMEOUT, points, "silent; probed rarely"), breaker);
      return;
    }
    port.setProbing(breaker.isOpen());
    Readout readout;
    long began = ticker.nanos();
    try {
      readout = port.poll(polled.driver());
    } catch (BusException e) {
      down(String.valueOf(e.getMessage()));
      finish(position, Readout.failed(Quality.BUS_DOWN, points, why), breaker);
      return;
    }
    long cost = ticker.nanos() - began;
    busyNanos += cost;
    boolean answered = readout.quality() != Quality.TIMEOUT && readout.quality() != Quality.GARBLED;
    finish(
        position,
        readout,
        answered
            ? Breaker.CLOSED
            : breaker.failed(ticker.nanos(), polled.everyMs() * 1_000_000, cost));
  }

  private void finish(int position, Readout readout, Breaker after) {
    Polled polled = devices.get(position);
    Breaker before = breakers[position];
    breakers[position] = after;
    Sample sample = sample(polled.device(), stamper.now(), readout);
    last.set(position, new Last(sample, readout.why(), after.failures()));
    counters.increment("samples." + sample.quality().word());
    counters.add("readings.acquired", sample.readings());
    if (!sink.offer(polled.lane(), sample, readout.keep())) {
      counters.add("readings.no_room", sample.readings());
    }
    if (after.isOpen() && !before.isOpen()) {
      event(
          "device.silent",
          Severity.WARNING,
          polled.device(),
          Map.of("bus", name, "why", readout.why()));
    } else if (before.isOpen() && !after.isOpen()) {
      event("device.answers", Severity.NOTICE, polled.device(), Map.of("bus", name));
    }
  }

  /** Values no receiver could hold exactly become "no value, suspect". */
  private static Sample sample(int device, Stamp stamp, Readout readout) {
    long[] values = readout.values();
    byte[] perPoint = readout.pointQuality();
    for (int p = 0; p < values.length; p++) {
      long value = values[p];
      if (value != Sample.NONE && (value > VALUE_MAX || value < -VALUE_MAX)) {
        if (perPoint == null) {
          perPoint = new byte[values.length];
          Arrays.fill(perPoint, (byte) readout.quality().code());
        }
        values[p] = Sample.NONE;
        perPoint[p] = (byte) Quality.SUSPECT.code();
      }
    }
    return new Sample(device, stamp, readout.quality(), values, perPoint);
  }

  private Outcome execute(int position, Order order) {
    Polled polled = devices.get(position);
    if (!polled.driver().operations().contains(order.op())) {
      return Outcome.of(
          Outcome.State.REJECTED,
          polled.asset()
              + " takes no '"
              + order.op()
              + "'; it takes "
              + polled.driver().operations());
    }
    if (!up) {
      return Outcome.of(Outcome.State.FAILED, "bus " + name + " is down: " + why);
    }
    port.setProbing(false);
    long began = ticker.nanos();
    try {
      Outcome outcome = port.execute(polled.driver(), order);
      schedule.now(position, ticker.nanos());
      return outcome;
    } catch (BusException e) {
      down(String.valueOf(e.getMessage()));
      return Outcome.of(Outcome.State.FAILED, "bus " + name + " went down: " + why);
    } finally {
      busyNanos += ticker.nanos() - began;
    }
  }

  private void event(String kind, Severity severity, int device, Map<String, Object> details) {
    if (!sink.offer(new Event(stamper.now(), kind, severity, device, details))) {
      counters.increment("events.no_room");
    }
  }

  private void publish() {
    view = new View(name, up, why, sinceMs, busyNanos / 1_000_000, schedule.skipped());
  }
}
