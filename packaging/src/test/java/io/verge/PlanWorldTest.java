package io.verge;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.model.Command;
import io.verge.model.Outcome;
import io.verge.runtime.Gateway;
import io.verge.simulator.world.World;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Four days of street without a link, the first one without a clock, over the night in which clocks
 * go forward.
 */
class PlanWorldTest {
  private static final long SEED = 11;
  private static final int HOURS = 96;
  private static final int UNTRUSTED_HOURS = 24;
  private static final long MINUTE_MS = 60_000;
  private static final Instant BEGIN = Instant.parse("2020-09-24T00:00:00Z");
  private static final int SAFE = 100;

  /** What is heard of a lamp that a person has set. */
  private static final int BEFORE_MINUTES = 12 * 60;

  private static final int OVERRIDE_MINUTES = 120;

  /**
   * When the lamps must change, and to what. Rise and set of the sun: U.S. Naval Observatory, Rise
   * and Set for the Sun for 2020, Auckland (E174 48, S36 50), Universal Time. The others: 23:00 and
   * 05:00 of the site, 12 hours ahead of UT until 26 September 14:00 UT, 13 hours after.
   */
  private static final Map<String, Integer> ALMANAC =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("2020-09-25T06:20:00Z", 100),
              Map.entry("2020-09-25T11:00:00Z", 60),
              Map.entry("2020-09-25T17:00:00Z", 100),
              Map.entry("2020-09-25T18:04:00Z", 0),
              Map.entry("2020-09-26T06:21:00Z", 100),
              Map.entry("2020-09-26T11:00:00Z", 60),
              Map.entry("2020-09-26T16:00:00Z", 100),
              Map.entry("2020-09-26T18:03:00Z", 0),
              Map.entry("2020-09-27T06:21:00Z", 100),
              Map.entry("2020-09-27T10:00:00Z", 60),
              Map.entry("2020-09-27T16:00:00Z", 100),
              Map.entry("2020-09-27T18:01:00Z", 0)));

  private final TreeMap<Long, int[]> seen = new TreeMap<>();
  private final List<Outcome> told = new ArrayList<>();

  @Test
  void lampsFollowTheAlmanacWithoutALink() throws Exception {
    Path memory = World.folder();
    try {
      World.Result result =
          World.run(
              SEED,
              HOURS,
              memory,
              new World.Circumstances(BEGIN.toEpochMilli(), UNTRUSTED_HOURS, true, this::minute));
      assertThat(told).extracting(Outcome::state).containsExactly(Outcome.State.DONE);
      safeWhileTheTimeIsNotKnown();
      asTheAlmanacSays();
      assertThat(result.isReconciled()).as("%s", result).isTrue();
    } finally {
      World.clear(memory);
    }
  }

  private void minute(long utcMs, int[] levels, Gateway gateway) {
    long minute = Math.floorDiv(utcMs - BEGIN.toEpochMilli(), MINUTE_MS);
    if (minute <= HOURS * 60L) {
      seen.put(minute, levels);
    }
    if (minute == BEFORE_MINUTES) {
      gateway
          .desk()
          .submit(
              new Command(
                  "night-work",
                  "lamp-07",
                  "set-level",
                  Map.of("level", 30L, "for", OVERRIDE_MINUTES * 60L),
                  0,
                  0,
                  "cli"),
              told::add);
    }
  }

  private void safeWhileTheTimeIsNotKnown() {
    for (long minute = 3; minute < UNTRUSTED_HOURS * 60; minute++) {
      int[] levels = at(minute).clone();
      long since = minute - BEFORE_MINUTES;
      if (since > 1 && since < OVERRIDE_MINUTES) {
        assertThat(levels[6]).as("minute %d", minute).isEqualTo(30);
      }
      if (since >= 0 && since <= OVERRIDE_MINUTES + 1) {
        levels[6] = SAFE;
      }
      assertThat(levels).as("minute %d", minute).containsOnly(SAFE);
    }
  }

  private void asTheAlmanacSays() {
    long trusted = UNTRUSTED_HOURS * 60L;
    assertThat(at(trusted + 2)).as("day, once the time is known").containsOnly(0);
    long change = trusted;
    int level = 0;
    for (Map.Entry<String, Integer> next : ALMANAC.entrySet()) {
      long minute =
          (Instant.parse(next.getKey()).toEpochMilli() - BEGIN.toEpochMilli()) / MINUTE_MS;
      for (long quiet = change + 3; quiet < minute - 1; quiet++) {
        assertThat(at(quiet)).as("%d minutes before %s", minute - quiet, next).containsOnly(level);
      }
      level = next.getValue();
      assertThat(at(minute + 2)).as("2 minutes after %s", next).containsOnly(level);
      change = minute;
    }
  }

  private int[] at(long minute) {
    int[] levels = seen.get(minute);
    assertThat(levels).as("minute %d of %s", minute, seen.lastKey()).isNotNull();
    return Arrays.copyOf(levels, levels.length);
  }
}
