package io.verge.poll;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.driver.Order;
import io.verge.model.Outcome;
import io.verge.model.Quality;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What people ask of a bus between its polls. */
class BusOrdersTest extends BusFixture {
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
}
