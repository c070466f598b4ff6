package io.verge.autonomy;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.health.Counters;
import io.verge.model.Event;
import io.verge.model.Lane;
import io.verge.model.Outcome;
import io.verge.model.Sample;
import io.verge.poll.SampleSink;
import io.verge.time.FakeTime;
import io.verge.time.Stamper;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The worker of the plan on lamps in memory, some of which do not obey. */
class LampPlanWorkerTest {
  private static final Instant EVENING = Instant.parse("2026-11-26T17:59:00Z");
  private static final long SECOND = 1_000_000_000L;
  private static final int LAMPS = 30;

  private final FakeTime time = new FakeTime(SECOND, EVENING.toEpochMilli(), 1);
  private final Counters counters = new Counters();
  private final List<Event> events = new ArrayList<>();
  private final Street street = new Street();

  @Test
  void oneOrderALampAndOneEventAGroupAndStep() {
    LampPlanWorker worker = worker(0);
    run(worker, 15 * 3600);
    assertThat(street.orders).hasSize(LAMPS * 3);
    assertThat(events).extracting(Event::kind).containsOnly("plan.step").hasSize(4);
    assertThat(events)
        .extracting(event -> event.details().get("level"))
        .containsExactly(0L, 100L, 60L, 0L);
  }

  @Test
  void theyAreSwitchedOneAfterTheOther() {
    LampPlanWorker worker = worker(1_000);
    run(worker, 50);
    assertThat(street.orders).isEmpty();
    List<Long> times = new ArrayList<>();
    for (int second = 0; second < 45; second++) {
      int before = street.orders.size();
      run(worker, 1);
      assertThat(street.orders.size() - before).isLessThanOrEqualTo(1);
      if (street.orders.size() > before) {
        times.add(time.nanos / SECOND);
      }
    }
    assertThat(times).hasSize(LAMPS);
  }

  @Test
  void aLampThatIsThereAlreadyIsNotOrdered() {
    street.levels.replaceAll((lamp, level) -> 100);
    time.nanos += 120 * SECOND;
    run(worker(0), 600);
    assertThat(street.orders).isEmpty();
  }

  @Test
  void whoDoesNotObeyIsToldOnceAndOrderedEverMoreRarely() {
    street.broken = 12;
    LampPlanWorker worker = worker(0);
    run(worker, 4 * 3600);
    assertThat(events.stream().filter(event -> event.kind().equals("plan.unmet"))).hasSize(1);
    long orders = street.orders.stream().filter("lamp-00 100"::equals).count();
    assertThat(orders).isBetween(15L, 25L);
    street.broken = 0;
    run(worker, 1800);
    assertThat(street.levels.values()).containsOnly(100);
    assertThat(events).extracting(Event::kind).contains("plan.met");
  }

  @Test
  void aLampThatCannotBeDimmedIsSwitched() {
    street.switched = true;
    LampPlanWorker worker = worker(0);
    run(worker, 6 * 3600);
    assertThat(street.levels.values()).containsOnly(100);
    assertThat(street.orders.stream().filter(order -> order.endsWith(" 60"))).hasSize(LAMPS);
    run(worker, 9 * 3600);
    assertThat(street.levels.values()).containsOnly(0);
  }

  @Test
  void theSafeLevelHoldsWhileTheTimeIsNotKnown() {
    time.trusted = false;
    LampPlanWorker worker = worker(0);
    run(worker, 3600);
    assertThat(street.levels.values()).containsOnly(70);
    assertThat(events).extracting(Event::kind).containsExactly("plan.safe-level");
    time.trusted = true;
    run(worker, 10);
    assertThat(street.levels.values()).containsOnly(100);
    time.trusted = false;
    run(worker, 10);
    assertThat(street.levels.values()).containsOnly(70);
  }

  @Test
  void aStepOfTheClockIsFollowed() {
    LampPlanWorker worker = worker(0);
    run(worker, 600);
    assertThat(street.levels.values()).containsOnly(100);
    time.offsetMs += 6 * 3_600_000L;
    run(worker, 10);
    assertThat(street.levels.values()).containsOnly(60);
    time.offsetMs -= 6 * 3_600_000L;
    run(worker, 10);
    assertThat(street.levels.values()).containsOnly(100);
  }

  /** Monotonic time ends an override, whatever happens to the clock. */
  @Test
  void overridesEndWithoutAClock() {
    LampPlanWorker worker = worker(0);
    run(worker, 600);
    time.trusted = false;
    for (int i = 0; i < LAMPS; i++) {
      String lamp = street.name(i);
      street.levels.put(lamp, 10);
      worker.override(lamp, new LampOverride(10, stamper().now(), 900_000), true);
    }
    run(worker, 890);
    assertThat(street.levels.values()).containsOnly(10);
    run(worker, 20);
    assertThat(street.levels.values()).containsOnly(70);
    assertThat(events.stream().filter(event -> event.kind().equals("plan.override-ended")))
        .hasSize(1);
  }

  @Test
  void anOverrideOfAnotherBootEndsByUtcOrAfterItsTime() {
    LampOverride override =
        new LampOverride(10, new io.verge.model.Stamp(7, 5_000_000, 1_000_000_000L, 0), 60_000);
    assertThat(override.isOver(new io.verge.model.Stamp(8, 1_000, 1_000_059_000L, 0))).isFalse();
    assertThat(override.isOver(new io.verge.model.Stamp(8, 1_000, 1_000_060_000L, 0))).isTrue();
    io.verge.model.Stamp blind = new io.verge.model.Stamp(8, 1_000, io.verge.model.Stamp.NO_UTC, 0);
    assertThat(override.isOver(blind)).isFalse();
    assertThat(override.leftMs(blind)).isEqualTo(59_000);
    assertThat(LampOverride.of(override.details())).isEqualTo(override);
    assertThat(LampOverride.of(Map.of("override_level", 400L))).isNull();
  }

  private Stamper stamper() {
    return new Stamper(1, time, time);
  }

  private LampPlanWorker worker(long staggerMs) {
    PlanGroup plan =
        new PlanGroup(
            "street",
            List.copyOf(street.levels.keySet()),
            Moment.parse("18:00").orThrow(),
            Moment.parse("07:00").orThrow(),
            100,
            List.of(
                new PlanGroup.Step(
                    Moment.parse("23:00").orThrow(),
                    60,
                    java.util.EnumSet.allOf(java.time.DayOfWeek.class))),
            List.of(),
            0,
            staggerMs,
            70,
            3_600_000);
    return new LampPlanWorker(
        List.of(plan), new Place(0, 0, ZoneOffset.UTC), street, new Sink(), stamper(), counters);
  }

  private void run(LampPlanWorker worker, long seconds) {
    long end = time.nanos + seconds * SECOND;
    while (time.nanos < end) {
      long due = worker.step(time.nanos);
      assertThat(due).isGreaterThan(time.nanos);
      time.nanos = Math.min(end, due);
    }
  }

  /** Read every half minute. */
  private final class Street implements Lamps {
    final Map<String, Integer> levels = new TreeMap<>();
    final List<String> orders = new ArrayList<>();
    int broken;
    boolean switched;

    Street() {
      for (int i = 0; i < LAMPS; i++) {
        levels.put(name(i), 0);
      }
    }

    String name(int i) {
      return String.format(java.util.Locale.ROOT, "lamp-%02d", i);
    }

    @Override
    public @Nullable Shown shown(String lamp) {
      Integer level = levels.get(lamp);
      return level == null ? null : new Shown(level, time.millis() / 30_000 * 30_000);
    }

    @Override
    public boolean order(String lamp, int level, Consumer<Outcome> done) {
      orders.add(lamp + " " + level);
      if (Integer.parseInt(lamp.substring(5)) < broken) {
        done.accept(Outcome.of(Outcome.State.FAILED, "no answer"));
      } else if (switched && level > 0 && level < 100) {
        done.accept(Outcome.of(Outcome.State.REJECTED, "a relay knows 0 and 100"));
      } else {
        levels.put(lamp, level);
        done.accept(Outcome.done(Map.of()));
      }
      return true;
    }
  }

  private final class Sink implements SampleSink {
    @Override
    public boolean offer(Lane lane, Sample sample, long @Nullable [] keep) {
      throw new AssertionError("the plan makes no samples");
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
