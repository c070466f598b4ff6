package io.verge;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.simulator.world.Almanac;
import io.verge.simulator.world.Fortnight;
import io.verge.simulator.world.Fortnight.ByHand;
import io.verge.simulator.world.Fortnight.Told;
import io.verge.simulator.world.World;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A street cut off for two weeks lights itself by the almanac, and tells later what went wrong. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FortnightTest {
  private static final long SEED = 11;
  private static final int LAMPS = 40;
  private static final int SAFE = 100;
  private static final int DAY_MINUTES = 24 * 60;

  /** Lamps are switched one after the other, to spare the feeder, and polls go on between. */
  private static final int LATE_MOST = 2;

  private Path folder = Path.of("unset");
  private Fortnight.@Nullable Result ran;

  @BeforeAll
  void run() throws Exception {
    folder = World.folder();
    ran = Fortnight.run(SEED, folder);
  }

  @AfterAll
  void clear() throws Exception {
    World.clear(folder);
  }

  private Fortnight.Result result() {
    return Objects.requireNonNull(ran);
  }

  @Test
  void everythingComesOnceTheLinkIsThere() {
    assertThat(result().world().isReconciled()).as("%s", result().world()).isTrue();
    assertThat(result().world().acquired()).isGreaterThan(300_000);
  }

  @Test
  void withoutAClockTheLampsAreAtTheSafeLevel() {
    for (long minute = 3; minute < Fortnight.UNTRUSTED_DAYS * DAY_MINUTES; minute++) {
      levels(minute, SAFE);
    }
  }

  @Test
  void onceTheTimeIsKnownTheAlmanacIsKeptToTheMinute() {
    assertThat(Almanac.deviations(result()))
        .hasSize(48)
        .allSatisfy(
            change -> {
              assertThat(change.first()).as("%s", change).isBetween(-1, 1);
              assertThat(change.last()).as("%s", change).isBetween(-1, LATE_MOST);
            });
    long change = Fortnight.UNTRUSTED_DAYS * DAY_MINUTES;
    int level = 0;
    for (Map.Entry<Instant, Integer> next : Almanac.changes().entrySet()) {
      long minute = Fortnight.minute(next.getKey());
      for (long quiet = change + LATE_MOST + 1; quiet < minute - 1; quiet++) {
        levels(quiet, level);
      }
      level = next.getValue();
      change = minute;
    }
  }

  /** Every lamp, but those a person has set, which are at that level. */
  private void levels(long minute, int level) {
    int[] levels = result().levels().get(minute);
    assertThat(levels).as("minute %d", minute).hasSize(LAMPS);
    for (int lamp = 0; lamp < LAMPS; lamp++) {
      int expected = level;
      for (ByHand one : Fortnight.OVERRIDES) {
        long since = minute - Fortnight.minute(one.from());
        if (Integer.parseInt(one.lamp().substring(5)) == lamp + 1
            && since >= 0
            && since <= one.minutes() + LATE_MOST) {
          expected = since <= LATE_MOST || since >= one.minutes() ? levels[lamp] : one.level();
        }
      }
      assertThat(levels[lamp]).as("minute %d, lamp %d", minute, lamp + 1).isEqualTo(expected);
    }
  }

  @Test
  void theRulesFoundWhatHappenedAndNothingElse() {
    assertThat(told("rule.raised", "lamp-failed")).containsExactly("lamp-33");
    assertThat(told("rule.cleared", "lamp-failed")).containsExactly("lamp-33");
    assertThat(told("rule.raised", "day-burner")).containsExactly("lamp-20");
    assertThat(told("rule.cleared", "day-burner")).containsExactly("lamp-20");
    assertThat(told("rule.raised", "no-data")).containsExactly("bin-03");
    assertThat(told("rule.cleared", "no-data")).containsExactly("bin-03");
    assertThat(told("command.done", "")).containsExactly("lamp-07", "lamp-12", "lamp-20");
    Told failed =
        result().told().stream()
            .filter(one -> one.kind().equals("rule.raised") && one.about().equals("lamp-33"))
            .findFirst()
            .orElseThrow();
    assertThat(Instant.ofEpochMilli(failed.utcMs()))
        .as("the first dusk after it broke")
        .isBetween(Instant.parse("2020-09-28T06:22:00Z"), Instant.parse("2020-09-28T06:40:00Z"));
  }

  private Stream<String> told(String kind, String diagnosis) {
    return result().told().stream()
        .filter(one -> one.kind().equals(kind) && one.details().contains(diagnosis))
        .map(Told::about);
  }
}
