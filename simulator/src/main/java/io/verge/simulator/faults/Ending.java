package io.verge.simulator.faults;

import java.util.random.RandomGenerator;

/**
 * When a life ends: after so many milliseconds since the process was started, since its store was
 * open, or right after the n-th commit it told of.
 */
record Ending(Kind kind, int amount) {
  enum Kind {
    /** Milliseconds since the process was started: while it opens the store. */
    EARLY,
    /** Milliseconds since the store was open. */
    LATER,
    /** Commits. */
    AT_COMMIT,
    /** When the stage says so. */
    BY_STAGE,
    /** Not at all: everything is delivered, then the process ends by itself. */
    NOT
  }

  private static final int EARLY_MS = 500;
  private static final int LATER_MS = 900;
  private static final int COMMITS = 300;

  static Ending of(RandomGenerator random) {
    int kind = random.nextInt(10);
    if (kind == 0) {
      return new Ending(Kind.EARLY, random.nextInt(EARLY_MS));
    }
    return kind < 4
        ? new Ending(Kind.AT_COMMIT, 1 + random.nextInt(COMMITS))
        : new Ending(Kind.LATER, random.nextInt(LATER_MS));
  }
}
