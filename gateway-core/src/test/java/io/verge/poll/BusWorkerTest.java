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
import io.verge.model.Severity;
import io.verge.poll.ScriptedTransport.Chunk;
import io.verge.time.Stamper;
import io.verge.time.Ticker;
import io.verge.time.WallClock;
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
import org.junit.jupiter.api.Test;

/** A bus stepped under a fake ticker, against devices that behave badly. */
class BusWorkerTest {
  private static final long MS = 1_000_000;
  private static final long SECOND = 1000 * MS;

  /** Request: address, question. Answer: 0x55, address, value, 0xAA; value says which question. */
  private static final class Toy implements SerialDriver {
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

  private static final class Sink implements SampleSink {
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

  private final FakeTicker ticker = new FakeTicker();
  private final Counters counters = new Counters();
  private final Sink sink = new Sink();
  private final Set<Integer> dead = new java.util.HashSet<>();
  private boolean unplugged;
  private @Nullable ScriptedTransport wire;
  private Function<byte[], List<Chunk>> street =
      request ->
          dead.contains((int) request[0])
              ? List.of()
              : List.of(new Chunk(10 * MS, answer(request[0], request[1])));

  private static byte[] answer(int address, int value) {
    return new byte[] {0x55, (byte) address, (byte) value, (byte) 0xAA};
  }

  @Test
  void everyTurnIsOneGoodSampleOnItsGrid() {
    BusWorker bus = bus(1, 1000, toys(4));
    run(bus, 10 * SECOND);
    assertThat(sink.samples).hasSize(40).allMatch(s -> s.quality() == Quality.GOOD);
    assertThat(counters.get("samples.good")).isEqualTo(40);
    assertThat(sink.kinds()).containsExactly("bus.up");
    assertThat(bus.view().skipped()).isZero();
  }

  @Test
  void silenceGarbageAndRetriesAreTold() {
    List<byte[]> seen = new ArrayList<>();
    street =
        request -> {
          seen.add(request);
          return switch (seen.size()) {
            case 1, 2 -> List.of();
            case 3, 4 -> List.of(new Chunk(5 * MS, new byte[] {0x55, 7, 7, 7}));
            case 5 -> List.of();
            default -> List.of(new Chunk(5 * MS, answer(request[0], 3)));
          };
        };
    run(bus(1, 1000, toys(1)), 3 * SECOND);
    assertThat(sink.samples)
        .extracting(Sample::quality)
        .containsExactly(Quality.TIMEOUT, Quality.GARBLED, Quality.GOOD);
    assertThat(sink.samples.get(0).values()).containsExactly(Sample.NONE);
    assertThat(counters.get("bus.b.requests")).isEqualTo(6);
  }

  /** A device 20 % slower than its time-out answers each retry twice. */
  @Test
  void aLateAnswerIsNeverTakenForTheNextQuestions() {
    Toy toy = new Toy(1);
    toy.questions = 2;
    street =
        request ->
            request[1] == 0
                ? List.of(new Chunk(130 * MS, answer(1, 0)))
                : List.of(new Chunk(60 * MS, answer(1, 1)));
    run(bus(1, 2000, List.of(toy)), 20 * SECOND);
    assertThat(sink.samples).isNotEmpty().allMatch(s -> s.quality() == Quality.GOOD);
    assertThat(sink.samples).allMatch(s -> s.values()[0] == 1);
  }

  /** Even a reading asked at once after a failed one: what was owed is not its answer. */
  @Test
  void whatIsOwedFromAFailedPollIsNotTheNextPollsAnswer() {
    Toy toy = new Toy(1);
    List<byte[]> seen = new ArrayList<>();
    street =
        request -> {
          seen.add(request);
          return seen.size() == 1
              ? List.of(new Chunk(120 * MS, answer(1, 99)))
              : List.of(new Chunk(30 * MS, answer(1, 1)));
        };
    BusWorker bus = bus(0, 60_000, List.of(toy));
    bus.step(ticker.nanos());
    bus.read(0, last -> {});
    bus.step(ticker.nanos());
    assertThat(sink.samples.get(0).quality()).isEqualTo(Quality.TIMEOUT);
    assertThat(sink.samples.get(1).values()).containsExactly(1);
  }

  @Test
  void oneDeadDeviceOfThirtyTwoCostsTheOthersNothing() {
    shareOfTheLiving(32, 1);
  }

  @Test
  void thirtyOneDeadOfThirtyTwoLeaveTheLastItsPolls() {
    shareOfTheLiving(32, 31);
  }

  private void shareOfTheLiving(int devices, int deadOnes) {
    for (int address = 1; address <= deadOnes; address++) {
      dead.add(address);
    }
    BusWorker bus = bus(2, 2000, toys(devices));
    run(bus, 600 * SECOND);
    for (int device = deadOnes; device < devices; device++) {
      assertThat(sink.count(device, Quality.GOOD)).isGreaterThanOrEqualTo(285);
    }
    long before = bus.view().busyMs();
    sink.samples.clear();
    run(bus, 3600 * SECOND);
    for (int device = deadOnes; device < devices; device++) {
      assertThat(sink.count(device, Quality.GOOD)).isGreaterThanOrEqualTo(1795);
    }
    assertThat(sink.samples).hasSizeGreaterThanOrEqualTo(1795 * devices);
    assertThat(bus.view().busyMs() - before).isLessThan(3_600_000);
  }

  @Test
  void aMendedCableBringsAllBackSoon() {
    for (int address = 1; address <= 31; address++) {
      dead.add(address);
    }
    BusWorker bus = bus(2, 2000, toys(32));
    run(bus, 3600 * SECOND);
    dead.clear();
    run(bus, 120 * SECOND);
    for (int i = 0; i < 32; i++) {
      assertThat(bus.last(i)).isNotNull().matches(last -> last.failures() == 0);
    }
    assertThat(sink.kinds().stream().filter("device.silent"::equals)).hasSize(31);
    assertThat(sink.kinds().stream().filter("device.answers"::equals)).hasSize(31);
  }

  @Test
  void whatADeviceSaysOfItselfIsToldOnceAndWhenItChanges() {
    Toy toy = new Toy(1);
    toy.identity = Map.of("number", "89860318760101234567");
    BusWorker bus = bus(0, 1000, List.of(toy));
    run(bus, 5 * SECOND);
    toy.identity = Map.of();
    run(bus, 2 * SECOND);
    toy.identity = Map.of("number", "89860318760101234568");
    run(bus, 5 * SECOND);
    List<Event> told =
        sink.events.stream().filter(event -> event.kind().equals("device.identity")).toList();
    assertThat(told)
        .extracting(event -> event.details().get("number"))
        .containsExactly("89860318760101234567", "89860318760101234568");
    assertThat(told).extracting(Event::device).containsOnly(0);
    assertThat(told).extracting(Event::severity).containsExactly(Severity.INFO, Severity.NOTICE);
    assertThat(sink.identities).hasSize(2).doesNotHaveDuplicates();
  }

  @Test
  void whatARunBeforeToldIsNotToldAgain() {
    Toy toy = new Toy(1);
    toy.identity = Map.of("number", "20110001", "maker", "ACW");
    run(bus(0, 1000, List.of(toy)), 2 * SECOND);
    long told = sink.identities.get(0);
    sink.events.clear();
    run(bus(0, 1000, List.of(toy), OptionalLong.of(told)), 5 * SECOND);
    assertThat(sink.kinds()).doesNotContain("device.identity");
    toy.identity = Map.of("number", "20110002", "maker", "ACW");
    run(bus(0, 1000, List.of(toy), OptionalLong.of(told)), 5 * SECOND);
    assertThat(sink.events.stream().filter(event -> event.kind().equals("device.identity")))
        .singleElement()
        .extracting(Event::severity)
        .isEqualTo(Severity.NOTICE);
  }

  @Test
  void aPortThatGoesComesBackByItself() {
    BusWorker bus = bus(0, 1000, toys(2));
    run(bus, 3 * SECOND);
    unplugged = true;
    run(bus, 60 * SECOND);
    assertThat(bus.view().up()).isFalse();
    assertThat(bus.view().why()).contains("gone");
    assertThat(sink.samples.get(sink.samples.size() - 1).quality()).isEqualTo(Quality.BUS_DOWN);
    unplugged = false;
    run(bus, 31 * SECOND);
    assertThat(bus.view().up()).isTrue();
    assertThat(sink.samples).hasSizeGreaterThanOrEqualTo(2 * 92);
    assertThat(sink.kinds()).containsExactly("bus.up", "bus.down", "bus.up");
  }

  @Test
  void aBugInADriverIsASampleAnEventAndNoMore() {
    Toy bad = new Toy(1);
    bad.bug = true;
    BusWorker bus = bus(0, 1000, List.of(bad, new Toy(2)));
    run(bus, 20 * SECOND);
    assertThat(sink.count(1, Quality.GOOD)).isEqualTo(20);
    assertThat(sink.count(0, Quality.GOOD)).isZero();
    assertThat(sink.samples.stream().filter(s -> s.device() == 0)).hasSize(20);
    assertThat(sink.kinds()).contains("driver.bug");
    assertThat(sink.kinds().stream().filter("driver.bug"::equals)).hasSize(1);
    assertThat(counters.get("bus.b.bugs")).isPositive();
    List<Outcome> outcomes = new ArrayList<>();
    bus.order(0, new Order("set-level", Map.of()), () -> null, outcomes::add);
    run(bus, SECOND);
    assertThat(outcomes).extracting(Outcome::state).containsExactly(Outcome.State.FAILED);
  }

  @Test
  void aReadoutOfTheWrongSizeNeverReachesTheStore() {
    Toy bad = new Toy(1);
    bad.values = 3;
    run(bus(0, 1000, List.of(bad)), 2 * SECOND);
    assertThat(sink.samples).isNotEmpty().allMatch(s -> s.values().length == 1);
    assertThat(sink.kinds()).contains("driver.bug");
  }

  @Test
  void ordersRunBetweenPollsAndAreReadBackAtOnce() {
    BusWorker bus = bus(0, 60_000, toys(2));
    run(bus, SECOND);
    int before = sink.samples.size();
    List<Outcome> outcomes = new ArrayList<>();
    bus.order(0, new Order("set-level", Map.of()), () -> null, outcomes::add);
    bus.order(0, new Order("dance", Map.of()), () -> null, outcomes::add);
    Outcome expired = Outcome.of(Outcome.State.EXPIRED, "too late");
    bus.order(0, new Order("set-level", Map.of()), () -> expired, outcomes::add);
    run(bus, SECOND);
    assertThat(outcomes)
        .extracting(Outcome::state)
        .containsExactly(Outcome.State.DONE, Outcome.State.REJECTED, Outcome.State.EXPIRED);
    assertThat(sink.samples).hasSize(before + 1);
    run(bus, 120 * SECOND);
    assertThat(sink.count(0, Quality.GOOD)).isEqualTo(4);
  }

  @Test
  void whatADeviceMustRememberIsKeptBeforeItIsDone() {
    BusWorker bus = bus(0, 60_000, toys(1));
    run(bus, 2 * SECOND);
    List<String> told = new ArrayList<>();
    bus.order(
        0,
        new Order("calibrate", Map.of()),
        () -> null,
        outcome -> told.add(outcome.why() + sink.kept));
    run(bus, SECOND);
    assertThat(told).containsExactly("[7]");
    sink.isFull = true;
    bus.order(
        0,
        new Order("calibrate", Map.of()),
        () -> null,
        outcome -> told.add(outcome.state() + outcome.why()));
    run(bus, SECOND);
    assertThat(told.get(1)).startsWith("FAILED").contains("could not be kept");
  }

  @Test
  void aFloodOfRequestsLeavesThePollsTheirTurns() {
    BusWorker bus = bus(0, 1000, toys(10));
    long end = ticker.nanos() + 60 * SECOND;
    while (ticker.nanos() < end) {
      while (bus.read(0, last -> {})) {}
      bus.step(ticker.nanos());
    }
    for (int device = 1; device < 10; device++) {
      assertThat(sink.count(device, Quality.GOOD)).isGreaterThanOrEqualTo(57);
    }
  }

  @Test
  void whoWaitsWhenTheBusStopsIsTold() {
    BusWorker bus = bus(0, 1000, toys(1));
    List<Outcome> outcomes = new ArrayList<>();
    List<BusWorker.Last> read = new ArrayList<>();
    bus.order(0, new Order("set-level", Map.of()), () -> null, outcomes::add);
    bus.read(0, read::add);
    bus.close();
    assertThat(outcomes).extracting(Outcome::state).containsExactly(Outcome.State.FAILED);
    assertThat(read).hasSize(1);
    assertThat(bus.read(0, read::add)).isFalse();
  }

  @Test
  void anEndlessBabblerKeepsTheBusForABoundedTimeOnly() {
    street =
        request ->
            request[0] == 1
                ? java.util.stream.IntStream.range(0, 60_000)
                    .mapToObj(i -> new Chunk(i * MS, new byte[] {0x55}))
                    .toList()
                : List.of(new Chunk(5 * MS, answer(request[0], 1)));
    BusWorker bus = bus(0, 10_000, List.of(new Toy(1)));
    bus.step(ticker.nanos());
    long began = ticker.nanos();
    bus.read(0, last -> {});
    bus.step(began);
    assertThat(ticker.nanos() - began).isLessThan(5 * SECOND);
    assertThat(sink.samples).allMatch(s -> s.quality() == Quality.GARBLED);
  }

  private static List<Toy> toys(int count) {
    List<Toy> toys = new ArrayList<>();
    for (int address = 1; address <= count; address++) {
      toys.add(new Toy(address));
    }
    return toys;
  }

  private BusWorker bus(int retries, long everyMs, List<Toy> toys) {
    return bus(retries, everyMs, toys, OptionalLong.empty());
  }

  private BusWorker bus(int retries, long everyMs, List<Toy> toys, OptionalLong told) {
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

  private void run(BusWorker bus, long nanos) {
    long end = ticker.nanos() + nanos;
    while (ticker.nanos() < end) {
      if (wire != null && unplugged) {
        wire.gone = true;
      }
      long due = bus.step(ticker.nanos());
      ticker.sleepUntil(Math.min(due, end));
    }
  }

  private final class Provider implements TransportProvider {
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

  private static final class NoClock implements WallClock {
    @Override
    public long utcMs() {
      return 0;
    }

    @Override
    public boolean isTrusted() {
      return false;
    }

    @Override
    public int uncertaintyMs() {
      return 0;
    }

    @Override
    public void offer(long utcMs, int uncMs) {}
  }
}
