package io.verge.drivers.dimmer;

import java.util.ArrayList;
import java.util.List;

/**
 * From a lamp's level to the PWM's duty, by straight lines between calibrated pairs.
 *
 * @param pairs in order of their level, no level twice; at least two.
 */
record Curve(List<Pair> pairs) {
  static final int WHOLE = 1000;

  /** The duty is the level. */
  static final Curve STRAIGHT = new Curve(List.of(new Pair(1, 10), new Pair(100, WHOLE)));

  /**
   * @param level 1..100 %.
   * @param duty 0..1000, thousandths of the period.
   */
  record Pair(int level, int duty) {}

  Curve {
    pairs = List.copyOf(pairs);
  }

  /** Level 0 is no duty at all; below the first pair and above the last their duty holds. */
  int duty(int level) {
    if (level <= 0) {
      return 0;
    }
    Pair below = pairs.get(0);
    if (level <= below.level()) {
      return below.duty();
    }
    for (Pair above : pairs.subList(1, pairs.size())) {
      if (level <= above.level()) {
        int span = above.level() - below.level();
        int rise = (above.duty() - below.duty()) * (level - below.level());
        return below.duty() + Math.floorDiv(2 * rise + span, 2 * span);
      }
      below = above;
    }
    return below.duty();
  }

  /** What is wrong with it, one sentence each. */
  static List<String> wrong(List<Pair> pairs) {
    List<String> wrong = new ArrayList<>();
    if (pairs.size() == 1) {
      wrong.add("one pair makes no line, expected two or more");
    }
    for (int i = 1; i < pairs.size(); i++) {
      Pair before = pairs.get(i - 1);
      Pair pair = pairs.get(i);
      if (pair.level() <= before.level()) {
        wrong.add(
            "level " + pair.level() + " after " + before.level() + ", expected rising levels");
      } else if (pair.duty() < before.duty()) {
        wrong.add("level " + pair.level() + " is darker than level " + before.level());
      }
    }
    return wrong;
  }
}
