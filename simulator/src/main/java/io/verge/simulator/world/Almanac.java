package io.verge.simulator.world;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * When the lamps of the street must change in the fortnight, and to what, without a word of our own
 * solar arithmetic.
 *
 * <p>Rise and set: U.S. Naval Observatory, Astronomical Applications Department, Rise and Set for
 * the Sun for 2020, Auckland (E174 48, S36 50), Universal Time. The steps at 23:00 and 05:00 are of
 * the site's clock: 12 hours ahead of UT until 26 September 14:00 UT, 13 hours after.
 */
public final class Almanac {
  /** Day of UT, rise, set. The first two days the gateway does not know the time. */
  private static final String[] SUN = {
    "2020-09-26 18:03 06:21",
    "2020-09-27 18:01 06:21",
    "2020-09-28 18:00 06:22",
    "2020-09-29 17:58 06:23",
    "2020-09-30 17:57 06:24",
    "2020-10-01 17:55 06:25",
    "2020-10-02 17:54 06:26",
    "2020-10-03 17:52 06:26",
    "2020-10-04 17:51 06:27",
    "2020-10-05 17:49 06:28",
    "2020-10-06 17:48 06:29",
    "2020-10-07 17:47 06:30",
  };

  private static final Instant FORWARD = Instant.parse("2020-09-26T14:00:00Z");

  private Almanac() {}

  /** Level by moment, in order. */
  public static TreeMap<Instant, Integer> changes() {
    TreeMap<Instant, Integer> changes = new TreeMap<>();
    for (String line : SUN) {
      String[] parts = line.split(" ", -1);
      LocalDate day = LocalDate.parse(parts[0]);
      changes.put(at(day, LocalTime.parse(parts[2])), 100);
      changes.put(clock(day, LocalTime.of(11, 0)), 60);
      changes.put(clock(day, LocalTime.of(17, 0)), 100);
      changes.put(at(day, LocalTime.parse(parts[1])), 0);
    }
    return changes;
  }

  private static Instant at(LocalDate day, LocalTime time) {
    return day.atTime(time).toInstant(ZoneOffset.UTC);
  }

  /** A step of the clock by its time before clocks went forward. */
  private static Instant clock(LocalDate day, LocalTime standard) {
    Instant at = at(day, standard);
    return at.isBefore(FORWARD) ? at : at.minusSeconds(3600);
  }

  /**
   * A change held against what burnt.
   *
   * @param first minutes after the almanac's at which the first lamp had changed.
   * @param last the same of the last lamp; {@link #NEVER} if one did not.
   */
  public record Deviation(Instant at, int level, int first, int last) {}

  /** A lamp that did not change within the quarter of an hour. */
  public static final int NEVER = 99;

  private static final int LOOK = 15;

  /** Each change, lamps that a person has set left out. */
  public static List<Deviation> deviations(Fortnight.Result result) {
    List<Deviation> deviations = new ArrayList<>();
    for (Map.Entry<Instant, Integer> change : changes().entrySet()) {
      long minute = Fortnight.minute(change.getKey());
      int first = NEVER;
      int last = -LOOK;
      for (int lamp = 0; lamp < result.levels().firstEntry().getValue().length; lamp++) {
        if (isFree(lamp, change.getKey())) {
          int after = after(result, minute, lamp, change.getValue());
          first = Math.min(first, after);
          last = Math.max(last, after);
        }
      }
      deviations.add(new Deviation(change.getKey(), change.getValue(), first, last));
    }
    return deviations;
  }

  private static int after(Fortnight.Result result, long minute, int lamp, int level) {
    for (int after = -LOOK; after <= LOOK; after++) {
      int[] levels = result.levels().get(minute + after);
      if (levels != null && levels[lamp] == level) {
        return after;
      }
    }
    return NEVER;
  }

  private static boolean isFree(int lamp, Instant at) {
    return Fortnight.OVERRIDES.stream()
        .noneMatch(
            override ->
                Integer.parseInt(override.lamp().substring(5)) == lamp + 1
                    && !at.isBefore(override.from())
                    && !at.isAfter(override.until()));
  }
}
