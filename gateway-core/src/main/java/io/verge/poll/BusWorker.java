package io.verge.poll;

import io.verge.driver.BusException;
import io.verge.driver.Order;
import io.verge.driver.Readout;
import io.verge.health.Counters;
import io.verge.model.Outcome;
import io.verge.model.Quality;
import io.verge.model.Sample;
import io.verge.time.Bell;
import io.verge.time.Stamper;
import io.verge.time.Ticker;
import io.verge.time.Worker;
import io.verge.transport.PortUri;
import io.verge.transport.TransportProvider;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Owns one bus: polls its devices when they are due, executes orders between polls, and keeps a
 * dead device or a missing port from hurting the rest. Every turn of every device becomes a sample,
 * good or not.
 */
public final class BusWorker implements Worker {
  /** Why a bus is down that has just been started. */
  public static final String UNTRIED = "not opened yet";

  private static final long REOPEN_LEAST_NANOS = 1_000_000_000L;
  private static final long REOPEN_MOST_NANOS = 30_000_000_000L;

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

  /** Judges an order at the moment it would be executed: null lets it pass. */
  @FunctionalInterface
  public interface Gate {
    @Nullable Outcome refusal();
  }

  private final String name;
  private final BusPort port;
  private final List<Polled> devices;
  private final SampleSink sink;
  private final Stamper stamper;
  private final Ticker ticker;
  private final Counters counters;
  private final BusEvents events;
  private final Bell bell = new Bell();
  private final Requests requests;
  private final Schedule schedule;
  private final Breaker[] breakers;
  private final AtomicReferenceArray<Last> last;
  private final Probes probes = new Probes();
  private final boolean[] bugged;
  private boolean servedRequest;
  private boolean up;
  private String why = UNTRIED;
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
    this.events = new BusEvents(name, this.devices, sink, stamper, counters);
    this.requests = new Requests(name, counters);
    long now = ticker.nanos();
    this.schedule = new Schedule(devices.stream().mapToLong(Polled::everyMs).toArray(), now);
    this.breakers = new Breaker[devices.size()];
    Arrays.fill(breakers, Breaker.CLOSED);
    this.last = new AtomicReferenceArray<>(devices.size());
    this.bugged = new boolean[devices.size()];
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
   * Executes an order after at most one more poll; the outcome arrives on the bus thread. Any
   * thread.
   *
   * @param position of the device in {@link #devices()}.
   * @param gate asked on the bus thread just before: it may have expired while it waited.
   * @return false if too much is waiting already; {@code done} is not called then.
   */
  public boolean order(int position, Order order, Gate gate, Consumer<Outcome> done) {
    return request(
        new Requests.Request(
            now -> {
              Outcome refusal = gate.refusal();
              done.accept(refusal == null ? remembered(position, order, now) : refusal);
            },
            () -> done.accept(Outcome.of(Outcome.State.FAILED, "bus " + name + " has stopped"))));
  }

  /** Polls the device out of turn; its sample is stored as any other. Any thread. */
  public boolean read(int position, Consumer<Last> done) {
    return request(
        new Requests.Request(
            now -> {
              turn(position, now, true);
              done.accept(Objects.requireNonNull(last.get(position)));
            },
            () -> {
              int points = devices.get(position).driver().points().size();
              Readout stopped = Readout.failed(Quality.BUS_DOWN, points, "the bus has stopped");
              Sample none = Readouts.sample(devices.get(position).device(), stamper.now(), stopped);
              done.accept(new Last(none, stopped.why(), 0));
            }));
  }

  private boolean request(Requests.Request request) {
    boolean taken = requests.add(request);
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
    int due = schedule.due(nowNanos);
    boolean pollsTurn = servedRequest && due >= 0;
    servedRequest = !pollsTurn && requests.serve(nowNanos);
    if (!servedRequest && due >= 0) {
      turn(due, nowNanos, false);
      schedule.done(due, ticker.nanos());
    }
    publish();
    if (!requests.isEmpty()) {
      return nowNanos;
    }
    return up ? schedule.nextNanos() : Math.min(schedule.nextNanos(), reopenNanos);
  }

  /** Whoever still waits is told. */
  @Override
  public void close() {
    port.close();
    up = false;
    why = "stopped";
    requests.close();
    publish();
  }

  private void open() {
    try {
      port.open();
      up = true;
      why = "";
      sinceMs = ticker.millis();
      reopenAfter = REOPEN_LEAST_NANOS;
      events.up();
      if (port.isHurried()) {
        for (int position = 0; position < devices.size(); position++) {
          schedule.now(position, ticker.nanos());
        }
      }
    } catch (BusException e) {
      down(String.valueOf(e.getMessage()));
    }
  }

  private void down(String reason) {
    port.close();
    boolean isNew = up || why.isEmpty();
    up = false;
    why = reason;
    reopenNanos = ticker.nanos() + reopenAfter;
    reopenAfter = Math.min(REOPEN_MOST_NANOS, reopenAfter * 2);
    if (isNew) {
      sinceMs = ticker.millis();
      events.down(reason);
    }
  }

  /** Returns whether the sample, and what the driver wants kept, was taken by the store. */
  private boolean turn(int position, long nowNanos, boolean asked) {
    Polled polled = devices.get(position);
    int points = polled.driver().points().size();
    Breaker breaker = breakers[position];
    if (!up) {
      return finish(position, Readout.failed(Quality.BUS_DOWN, points, why), breaker);
    }
    if (!asked && !(breaker.mayAsk(nowNanos) && probes.mayAsk(breakers, position, nowNanos))) {
      return finish(
          position, Readout.failed(Quality.TIMEOUT, points, "silent; probed rarely"), breaker);
    }
    port.setProbing(breaker.isOpen());
    Readout readout;
    long began = ticker.nanos();
    boolean isBug = false;
    try {
      readout = Readouts.whole(port.poll(polled.driver()), points);
    } catch (RuntimeException e) {
      isBug = true;
      readout = Readout.failed(Quality.SUSPECT, points, "bug in the driver: " + e);
      bug(position, e);
    } catch (BusException e) {
      down(String.valueOf(e.getMessage()));
      return finish(position, Readout.failed(Quality.BUS_DOWN, points, why), breaker);
    }
    long cost = ticker.nanos() - began;
    busyNanos += cost;
    boolean answered =
        !isBug && readout.quality() != Quality.TIMEOUT && readout.quality() != Quality.GARBLED;
    bugged[position] = isBug;
    if (breaker.isOpen()) {
      probes.asked(ticker.nanos(), cost);
      if (answered) {
        probes.hope(breakers, ticker.nanos());
      }
    }
    return finish(
        position,
        readout,
        answered
            ? Breaker.CLOSED
            : breaker.failed(ticker.nanos(), polled.everyMs() * 1_000_000, cost));
  }

  /** Said once, until the device is read without it. */
  private void bug(int position, RuntimeException bug) {
    counters.increment("bus." + name + ".bugs");
    if (!bugged[position]) {
      events.bug(position, bug);
    }
    bugged[position] = true;
  }

  private boolean finish(int position, Readout readout, Breaker after) {
    Polled polled = devices.get(position);
    Breaker before = breakers[position];
    breakers[position] = after;
    Sample sample = Readouts.sample(polled.device(), stamper.now(), readout);
    last.set(position, new Last(sample, readout.why(), after.failures()));
    counters.increment("samples." + sample.quality().word());
    counters.increment("bus." + name + ".polls");
    if (sample.quality() != Quality.GOOD) {
      counters.increment("bus." + name + ".polls_failed");
    }
    counters.add("readings.acquired", sample.readings());
    boolean taken = sink.offer(polled.lane(), sample, readout.keep());
    if (!taken) {
      counters.add("readings.no_room", sample.readings());
    }
    if (after.isOpen() && !before.isOpen()) {
      events.silent(position, readout.why());
    } else if (before.isOpen() && !after.isOpen()) {
      events.answers(position);
    }
    events.identity(position, readout);
    return taken && readout.keep() != null;
  }

  private Outcome remembered(int position, Order order, long nowNanos) {
    Outcome outcome = execute(position, order);
    if (outcome.state() != Outcome.State.DONE
        || !devices.get(position).driver().remembers(order.op())
        || turn(position, nowNanos, true)) {
      return outcome;
    }
    return new Outcome(
        Outcome.State.FAILED,
        "done, but what it did could not be kept ("
            + Objects.requireNonNull(last.get(position)).why()
            + "): a restart may forget it, do it again",
        outcome.details());
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
    } catch (RuntimeException e) {
      bug(position, e);
      return Outcome.of(Outcome.State.FAILED, "bug in the driver: " + e);
    } finally {
      busyNanos += ticker.nanos() - began;
    }
  }

  private void publish() {
    view = new View(name, up, why, sinceMs, busyNanos / 1_000_000, schedule.skipped());
  }
}
