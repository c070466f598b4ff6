package io.verge.poll;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.driver.Order;
import io.verge.model.Event;
import io.verge.model.Outcome;
import io.verge.model.Quality;
import io.verge.model.Sample;
import io.verge.model.Severity;
import io.verge.poll.ScriptedTransport.Chunk;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** A bus stepped under a fake ticker, against devices that behave badly. */
class BusWorkerTest extends BusFixture {
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
}
