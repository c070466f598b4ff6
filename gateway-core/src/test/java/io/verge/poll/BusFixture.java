package io.verge.poll;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.driver.Answer;
import io.verge.driver.BusException;
import io.verge.driver.BusSession;
import io.verge.driver.Framing;
import io.verge.driver.Order;
import io.verge.driver.Readout;
import io.verge.driver.SerialDriver;
import io.verge.health.Counters;
import io.verge.model.Event;
import io.verge.model.Lane;
import io.verge.model.Outcome;
import io.verge.model.PointType;
import io.verge.model.Quality;
import io.verge.model.Sample;
import io.verge.poll.ScriptedTransport.Chunk;
import io.verge.time.NoClock;
import io.verge.time.Stamper;
import io.verge.time.Ticker;
import io.verge.transport.ByteTransport;
import io.verge.transport.GpioChip;
import io.verge.transport.PortUri;
import io.verge.transport.TransportException;
import io.verge.transport.TransportProvider;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A bus under a fake ticker, with toy devices whose answers the test decides. */
abstract class BusFixture {
  static final long MS = 1_000_000;
  static final long SECOND = 1000 * MS;

  /** Request: address, question. Answer: 0x55, address, value, 0xAA; value says which question. */
  static final class Toy implements SerialDriver {
    final int address;
    int questions = 1;
    boolean bug;
    int values = 1;
    long calibrated = -1;
    Map<String, String> identity = Map.of();

    Toy(int address) {
      this.address = address;
    }

    @Override
    public List<PointType> points() {
      return List.of(PointType.gauge("v", "", 0));
    }

    @Override
    public List<String> operations() {
      return List.of("set-level", "calibrate");
    }

    @Override
    public boolean remembers(String op) {
      return op.equals("calibrate");
    }

    @Override
    public Readout poll(BusSession bus) throws BusException {
      if (bug) {
        throw new IllegalStateException("index 7 of 4");
      }
      long value = 0;
      for (int q = 0; q < questions; q++) {
        Answer answer = ask(bus, q);
        if (!(answer instanceof Answer.Frame frame)) {
          return Readout.without(answer, 1);
        }
        value = value * 256 + (frame.bytes()[2] & 0xFF);
      }
      long[] all = new long[values];
      all[0] = value;
      return new Readout(
              Quality.GOOD, all, null, "", calibrated < 0 ? null : new long[] {calibrated})
          .of(identity);
    }

    private Answer ask(BusSession bus, int question) throws BusException {
      return bus.transact(
          new byte[] {(byte) address, (byte) question},
          (received, length) -> {
            if (received[0] != 0x55 || length > 1 && received[1] != address) {
              return Framing.skip(1);
            }
            if (length < 4) {
              return Framing.needMore();
            }
            return received[3] == (byte) 0xAA ? Framing.complete(4) : Framing.skip(1);
          });
    }

    @Override
    public Outcome execute(BusSession bus, Order order) throws BusException {
      if (bug) {
        throw new IllegalStateException("index 7 of 4");
      }
      if (order.op().equals("calibrate")) {
        calibrated = 7;
      }
      return ask(bus, 9) instanceof Answer.Frame
          ? Outcome.done(Map.of())
          : Outcome.of(Outcome.State.FAILED, "silent");
    }
  }

  static final class Sink implements SampleSink {
    final List<Sample> samples = new ArrayList<>();
    final List<Event> events = new ArrayList<>();
    final List<Long> kept = new ArrayList<>();
    final List<Long> identities = new ArrayList<>();
    boolean isFull;

    @Override
    public boolean offer(Lane lane, Sample sample, long @Nullable [] keep) {
      if (isFull) {
        return false;
      }
      samples.add(sample);
      if (keep != null) {
        kept.add(keep[0]);
      }
      return true;
    }

    @Override
    public boolean offer(Event event) {
      events.add(event);
      return true;
    }

    @Override
    public boolean offer(Event event, String owner, long[] keep) {
      assertThat(owner).isEqualTo("identity/toy-0");
      identities.add(keep[0]);
      return offer(event);
    }

    List<String> kinds() {
      return events.stream().map(Event::kind).toList();
    }

    long count(int device, Quality quality) {
      return samples.stream().filter(s -> s.device() == device && s.quality() == quality).count();
    }
  }

  final FakeTicker ticker = new FakeTicker();
  final Counters counters = new Counters();
  final Sink sink = new Sink();
  final Set<Integer> dead = new java.util.HashSet<>();
  boolean unplugged;
  @Nullable ScriptedTransport wire;

  Function<byte[], List<Chunk>> street =
      request ->
          dead.contains((int) request[0])
              ? List.of()
              : List.of(new Chunk(10 * MS, answer(request[0], request[1])));

  static byte[] answer(int address, int value) {
    return new byte[] {0x55, (byte) address, (byte) value, (byte) 0xAA};
  }

  static List<Toy> toys(int count) {
    List<Toy> toys = new ArrayList<>();
    for (int address = 1; address <= count; address++) {
      toys.add(new Toy(address));
    }
    return toys;
  }

  BusWorker bus(int retries, long everyMs, List<Toy> toys) {
    return bus(retries, everyMs, toys, OptionalLong.empty());
  }

  BusWorker bus(int retries, long everyMs, List<Toy> toys, OptionalLong told) {
    List<Polled> polled = new ArrayList<>();
    for (int i = 0; i < toys.size(); i++) {
      polled.add(new Polled(i, "toy-" + i, Lane.TELEMETRY, toys.get(i), everyMs, told));
    }
    return BusWorker.onBytes(
        new BusSettings("b", 100, retries, 100, false),
        new PortUri("test", "b", new HashMap<>()),
        new Provider(),
        polled,
        sink,
        new Stamper(1, ticker, new NoClock()),
        ticker,
        counters,
        (b, n, s, f) -> {});
  }

  void run(BusWorker bus, long nanos) {
    long end = ticker.nanos() + nanos;
    while (ticker.nanos() < end) {
      if (wire != null && unplugged) {
        wire.gone = true;
      }
      long due = bus.step(ticker.nanos());
      ticker.sleepUntil(Math.min(due, end));
    }
  }

  final class Provider implements TransportProvider {
    @Override
    public String scheme() {
      return "test";
    }

    @Override
    public boolean hasLines() {
      return false;
    }

    @Override
    public List<String> check(PortUri uri) {
      return List.of();
    }

    @Override
    public ByteTransport open(PortUri uri, Ticker time) throws TransportException {
      if (unplugged) {
        throw new TransportException("port is gone", true);
      }
      ScriptedTransport opened = new ScriptedTransport(time, request -> street.apply(request));
      wire = opened;
      return opened;
    }

    @Override
    public GpioChip openLines(PortUri uri, Ticker time) throws TransportException {
      throw new TransportException("no lines", false);
    }
  }
}
