package io.verge.autonomy;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.health.Counters;
import io.verge.model.Catalog;
import io.verge.model.Device;
import io.verge.model.DeviceType;
import io.verge.model.Event;
import io.verge.model.Lane;
import io.verge.model.PointType;
import io.verge.model.Quality;
import io.verge.model.Sample;
import io.verge.model.Severity;
import io.verge.model.Stamp;
import io.verge.poll.SampleSink;
import io.verge.time.FakeTime;
import io.verge.time.Stamper;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Each rule on a stream of samples: found where it is so, silent where it is not. */
class RuleTest {
  private static final long MINUTE = 60_000;
  private static final long HOUR = 60 * MINUTE;
  private static final Place PLACE = new Place(52.5, 13.4, ZoneOffset.UTC);
  private static final int LAMPS = 40;

  private final FakeTime time =
      new FakeTime(0, Instant.parse("2026-06-21T00:00:00Z").toEpochMilli(), 1);
  private final List<Event> events = new ArrayList<>();
  private final Catalog catalog = catalog();
  private RuleWorker worker = worker(new Diagnosis.LampFailed(5), 0);

  @Test
  void aFailedLampIsRaisedAfterItsDwellAndClearedWhenItBurns() {
    worker = worker(new Diagnosis.LampFailed(5), 5 * MINUTE);
    lampFor(4, 100, 0.6);
    assertThat(events).isEmpty();
    lampFor(3, 100, 0.6);
    assertThat(kinds()).containsExactly("rule.raised");
    assertThat(events.get(0).details())
        .containsEntry("level", "100")
        .containsEntry("power", "0.6")
        .containsEntry("diagnosis", "lamp-failed");
    lampFor(60, 0, 0.6);
    assertThat(kinds()).as("off says nothing").hasSize(1);
    assertThat(worker.raised()).hasSize(1);
    lampFor(7, 100, 41.5);
    assertThat(kinds()).containsExactly("rule.raised", "rule.cleared");
    assertThat(worker.raised()).isEmpty();
  }

  @Test
  void aLampThatComesOnSlowlyIsNotFailed() {
    worker = worker(new Diagnosis.LampFailed(5), 5 * MINUTE);
    for (int night = 0; night < 10; night++) {
      lampFor(2, 100, 3);
      lampFor(30, 100, 40);
      lampFor(30, 0, 0.6);
    }
    assertThat(events).isEmpty();
  }

  /** At this place the sun is above 6 degrees from about 03:50 to 18:25 UT at midsummer. */
  @Test
  void aDayBurner() {
    worker = worker(new Diagnosis.DayBurner(5, 6), 30 * MINUTE);
    lampFor(3 * 60, 100, 40);
    assertThat(events).as("by night").isEmpty();
    lampFor(9 * 60, 100, 40);
    assertThat(kinds()).containsExactly("rule.raised");
    lampFor(31, 0, 0.6);
    assertThat(kinds()).containsExactly("rule.raised", "rule.cleared");
    time.trusted = false;
    lampFor(4 * 60, 100, 40);
    assertThat(events).as("without a clock nobody knows the sun").hasSize(2);
  }

  @Test
  void containerFullHasHysteresisAndDwell() {
    worker = worker(new Diagnosis.Threshold("container-full", "fill", true, 85, 70), 10 * MINUTE);
    for (int i = 0; i < 100; i++) {
      bin(84 + i % 3, Quality.GOOD);
    }
    assertThat(events).as("at the edge it never holds long enough").hasSizeLessThanOrEqualTo(1);
    for (int i = 0; i < 12; i++) {
      bin(90, Quality.GOOD);
    }
    for (int i = 0; i < 60; i++) {
      bin(75, Quality.GOOD);
      bin(3, Quality.SUSPECT);
    }
    assertThat(kinds()).containsExactly("rule.raised");
    for (int i = 0; i < 12; i++) {
      bin(5, Quality.GOOD);
    }
    assertThat(kinds()).containsExactly("rule.raised", "rule.cleared");
  }

  @Test
  void anEmptyingIsToldOnceAndAFalseEchoIsNone() {
    worker = worker(new Diagnosis.Emptied(40), 0);
    for (int fill : new int[] {10, 40, 80, 82, 81, 8}) {
      bin(fill, Quality.GOOD);
    }
    assertThat(events).as("one low reading may be a wrong one").isEmpty();
    bin(9, Quality.GOOD);
    assertThat(kinds()).containsExactly("rule.noticed");
    for (int fill : new int[] {30, 25, 90, 24, 26, 28, 30, 85, 86, 50, 12, 13, 15}) {
      bin(fill, Quality.GOOD);
    }
    assertThat(kinds()).as("a reading while it is emptied").hasSize(2);
  }

  @Test
  void aLeakIsANightWithoutARest() {
    worker = worker(new Diagnosis.Leak("volume", 1, 5, HOUR), 0);
    long litres = 5_000;
    for (int day = 0; day < 3; day++) {
      litres = household(litres, false, 0);
    }
    assertThat(events).as("a tight pipe").isEmpty();
    litres = household(litres, true, 0);
    litres = household(litres, true, 0);
    assertThat(kinds()).containsExactly("rule.raised");
    litres = household(litres, false, 0);
    assertThat(kinds()).containsExactly("rule.raised", "rule.cleared");
    household(litres, true, 0.6);
    assertThat(events).as("a night hardly seen is not judged").hasSize(2);
  }

  /** A day of five-minute samples: use by day, a toilet at night, and a leak of 3 l/h or none. */
  private long household(long litres, boolean leaks, double lost) {
    Random random = new Random(litres);
    double total = litres;
    for (int i = 0; i < 24 * 12; i++) {
      time.nanos += 5 * MINUTE * 1_000_000;
      int hour = i / 12;
      boolean isUsed = hour >= 6 && hour < 23 ? random.nextInt(4) == 0 : i == 38;
      total += (isUsed ? 6 : 0) + (leaks ? 0.25 : 0);
      boolean isLost = hour >= 1 && hour < 5 && i % 10 < lost * 10;
      send(2, isLost ? Quality.TIMEOUT : Quality.GOOD, (long) total);
    }
    return (long) total;
  }

  @Test
  void noDataIsNotTheBussFault() {
    worker = worker(new Diagnosis.NoData(HOUR), 0);
    for (int i = 0; i < 59; i++) {
      bin(5, Quality.TIMEOUT);
    }
    bin(5, Quality.GOOD);
    for (int i = 0; i < 300; i++) {
      bin(5, Quality.BUS_DOWN);
    }
    assertThat(events).isEmpty();
    for (int i = 0; i < 70; i++) {
      bin(5, Quality.GARBLED);
    }
    bin(5, Quality.GOOD);
    assertThat(kinds()).containsExactly("rule.raised", "rule.cleared");
  }

  @Test
  void aStuckPoint() {
    worker = worker(new Diagnosis.Stuck("fill", 6 * HOUR), 0);
    for (int i = 0; i < 24 * 60; i++) {
      bin(40 + i / 200, Quality.GOOD);
    }
    assertThat(events).isEmpty();
    for (int i = 0; i < 24 * 60; i++) {
      bin(77, Quality.GOOD);
    }
    bin(78, Quality.GOOD);
    assertThat(kinds()).containsExactly("rule.raised", "rule.cleared");
  }

  @Test
  void aStormIsToldInPartAndThenTogether() {
    worker = worker(new Diagnosis.LampFailed(5), 0);
    for (int round = 0; round < 100; round++) {
      for (int lamp = 0; lamp < LAMPS; lamp++) {
        send(lamp + 3, Quality.GOOD, round % 2 == 0 ? 6 : 400, 100);
      }
      time.nanos += MINUTE * 1_000_000;
    }
    assertThat(events).hasSizeLessThan(40);
    assertThat(kinds()).contains("rule.untold");
    long told = events.stream().filter(event -> !event.kind().equals("rule.untold")).count();
    time.nanos += 2 * HOUR * 1_000_000;
    worker.step(time.nanos);
    long untold =
        events.stream()
            .filter(event -> event.kind().equals("rule.untold"))
            .mapToLong(event -> (Long) event.details().getOrDefault("count", 0L))
            .sum();
    assertThat(told + untold).as("each is accounted for").isEqualTo(100L * LAMPS);
  }

  private List<String> kinds() {
    return events.stream().map(Event::kind).toList();
  }

  private void lampFor(int minutes, long level, double watts) {
    for (int i = 0; i < minutes; i++) {
      time.nanos += MINUTE * 1_000_000;
      send(0, Quality.GOOD, Math.round(watts * 10), level);
    }
  }

  private void bin(long fill, Quality quality) {
    time.nanos += MINUTE * 1_000_000;
    send(1, quality, fill);
  }

  private void send(int device, Quality quality, long... values) {
    Stamp now = new Stamper(1, time, time).now();
    worker.offer(
        quality == Quality.GOOD || quality == Quality.SUSPECT
            ? new Sample(device, now, quality, values, null)
            : Sample.failed(device, now, quality, values.length));
    worker.step(time.nanos);
  }

  private static Catalog catalog() {
    List<Device> devices = new ArrayList<>();
    devices.add(new Device(0, "lamp"));
    devices.add(new Device(1, "bin"));
    devices.add(new Device(2, "meter"));
    for (int i = 0; i < LAMPS; i++) {
      devices.add(new Device(0, "lamp-" + i));
    }
    return new Catalog(
        1,
        List.of(
            new DeviceType(
                "lamp",
                MINUTE,
                List.of(PointType.gauge("power", "W", 1), PointType.gauge("level", "%", 0))),
            new DeviceType("bin", MINUTE, List.of(PointType.gauge("fill", "%", 0))),
            new DeviceType("meter", MINUTE, List.of(PointType.counter("volume", "m3", 3)))),
        devices);
  }

  private RuleWorker worker(Diagnosis diagnosis, long dwellMs) {
    List<String> assets =
        catalog.devices().stream()
            .filter(
                device ->
                    catalog.types().get(device.type()).points().stream()
                        .map(PointType::name)
                        .toList()
                        .containsAll(diagnosis.points()))
            .map(Device::id)
            .toList();
    Rule rule = new Rule("rule", diagnosis, assets, dwellMs, Severity.WARNING);
    return new RuleWorker(
        List.of(rule), PLACE, catalog, new Sink(), new Stamper(1, time, time), new Counters());
  }

  private final class Sink implements SampleSink {
    @Override
    public boolean offer(Lane lane, Sample sample, long @Nullable [] keep) {
      throw new AssertionError("rules make no samples");
    }

    @Override
    public boolean offer(Event event) {
      events.add(event);
      return true;
    }

    @Override
    public boolean offer(Event event, String owner, long[] keep) {
      return offer(event);
    }
  }
}
