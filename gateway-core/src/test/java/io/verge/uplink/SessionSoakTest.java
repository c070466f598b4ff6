package io.verge.uplink;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.model.Lane;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Random worlds by seed: in the end every batch is committed once, in order, and acked. */
class SessionSoakTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long DAY = 24 * 3600 * SECOND;
  private static final int SEEDS = 300;

  private static void fill(ModelWorld world, Random random) {
    for (int i = 0; i < 30; i++) {
      Lane lane = Lane.of(random.nextInt(3));
      int count = 1 + random.nextInt(8);
      world.at(random.nextLong(1800 * SECOND), () -> world.seal(lane, count));
    }
    world.seal(Lane.TELEMETRY, 40);
    world.seal(Lane.METER, 20);
    world.seal(Lane.EVENT, 1);
  }

  private static void check(ModelWorld world, long seed) {
    assertThat(world.isDone()).as("seed %d: all acked: %s", seed, world.worker().view()).isTrue();
    assertThat(world.underWayMost()).as("seed %d", seed).isLessThanOrEqualTo(Flow.WINDOW);
    for (Lane lane : Lane.values()) {
      List<Long> all = LongStream.rangeClosed(1, world.cursor(lane)).boxed().toList();
      assertThat(world.committed(lane)).as("seed %d lane %s", seed, lane).isEqualTo(all);
    }
  }

  @Test
  void everyBatchArrivesOverABadLink() {
    long resent = 0;
    for (long seed = 0; seed < SEEDS; seed++) {
      Random random = new Random(seed * 31 + 7);
      ModelWorld world =
          new ModelWorld(
              seed,
              new ModelWorld.Faults(
                  random.nextInt(80),
                  random.nextInt(150),
                  random.nextInt(40),
                  random.nextInt(500),
                  random.nextInt(2) * 2000),
              false);
      fill(world, random);
      world.run(30 * DAY);
      check(world, seed);
      resent += world.counters.get("uplink.city.batches_resent");
    }
    assertThat(resent).as("the worlds were bad enough").isPositive();
  }

  @Test
  void aPerfectLinkSendsNothingTwice() {
    ModelWorld world = new ModelWorld(1, new ModelWorld.Faults(0, 0, 0, 0, 0), false);
    fill(world, new Random(1));
    world.run(DAY);
    check(world, 1);
    long batches = LongStream.of(cursors(world)).sum();
    assertThat(world.counters.get("uplink.city.batches_sent"))
        .as("once each, and what was under way when a new catalog was asked for")
        .isBetween(batches, batches + world.counters.get("uplink.city.batches_resent"));
    assertThat(world.counters.get("uplink.city.silent_links")).isZero();
  }

  @Test
  void aBatchRefusedForEverIsGivenUpAndEverythingElseArrives() {
    for (long seed = 0; seed < 40; seed++) {
      Random random = new Random(seed);
      ModelWorld world =
          new ModelWorld(
              seed,
              new ModelWorld.Faults(random.nextInt(40), 30, random.nextInt(10), 100, 0),
              false);
      world.poison((lane, bseq) -> lane == Lane.TELEMETRY && bseq == 4);
      world.seal(Lane.TELEMETRY, 30);
      meterEveryMinute(world, 12 * 60);
      world.run(30 * DAY);
      assertThat(world.refused()).as("seed %d", seed).containsExactly("telemetry 4");
      assertThat(world.isDone()).as("seed %d", seed).isTrue();
      assertThat(world.committed(Lane.TELEMETRY))
          .isEqualTo(LongStream.rangeClosed(1, 30).filter(bseq -> bseq != 4).boxed().toList());
      assertThat(world.committed(Lane.METER)).hasSize(12 * 60 - 1).isSorted();
    }
  }

  @Test
  void aBackEndThatTakesNothingAtAllLosesNothing() {
    ModelWorld world = new ModelWorld(5, new ModelWorld.Faults(0, 0, 0, 0, 0), false);
    boolean[] broken = {true};
    world.poison((lane, bseq) -> broken[0]);
    world.seal(Lane.TELEMETRY, 3);
    meterEveryMinute(world, 24 * 60);
    world.at(DAY, () -> broken[0] = false);
    world.run(3 * DAY);
    assertThat(world.refused()).isEmpty();
    assertThat(world.isDone()).isTrue();
    assertThat(world.committed(Lane.TELEMETRY)).containsExactly(1L, 2L, 3L);
    assertThat(world.committed(Lane.METER)).hasSize(24 * 60 - 1);
    assertThat(world.counters.get("uplink.city.silent_links")).isGreaterThan(10);
  }

  @Test
  void aLaneRefusedForADayLosesABatchOrTwo() {
    ModelWorld world = new ModelWorld(6, new ModelWorld.Faults(0, 0, 0, 0, 0), false);
    boolean[] broken = {true};
    world.poison((lane, bseq) -> broken[0] && lane == Lane.TELEMETRY);
    world.seal(Lane.TELEMETRY, 300);
    meterEveryMinute(world, 36 * 60);
    world.at(DAY, () -> broken[0] = false);
    world.run(3 * DAY);
    assertThat(world.refused()).hasSizeBetween(1, 3).startsWith("telemetry 1");
    assertThat(world.isDone()).isTrue();
    assertThat(world.committed(Lane.TELEMETRY)).hasSize(300 - world.refused().size());
  }

  private static void meterEveryMinute(ModelWorld world, int minutes) {
    for (int minute = 1; minute < minutes; minute++) {
      world.at(minute * 60_000_000_000L, () -> world.seal(Lane.METER, 1));
    }
  }

  private static long[] cursors(ModelWorld world) {
    return LongStream.of(0, 1, 2).map(lane -> world.cursor(Lane.of((int) lane))).toArray();
  }

  @Test
  void aBackEndThatOnlySubscribesGetsEverythingOverABreakingLink() {
    for (long seed = 0; seed < 100; seed++) {
      Random random = new Random(seed);
      // Nothing is lost between a broker that says PUBACK and its subscriber.
      ModelWorld world = new ModelWorld(seed, new ModelWorld.Faults(0, 50, 20, 200, 0), true);
      fill(world, random);
      world.run(30 * DAY);
      check(world, seed);
    }
  }

  @Test
  void aBackEndRestoredFromACopyIsFilledAgain() {
    ModelWorld world = new ModelWorld(3, new ModelWorld.Faults(0, 0, 0, 0, 0), false);
    world.seal(Lane.TELEMETRY, 30);
    world.run(DAY);
    world.restoreBackEnd(Lane.TELEMETRY, 12);
    world.seal(Lane.TELEMETRY, 5);
    world.run(2 * DAY);
    check(world, 3);
    assertThat(world.cursor(Lane.TELEMETRY)).isEqualTo(35);
  }
}
