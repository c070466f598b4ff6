package io.verge.autonomy;

import io.verge.model.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * Brings one lamp to the level wanted: orders it where it is not known to be there, again after a
 * while where that did not help. Times are monotonic milliseconds.
 */
final class Pursuit {
  /** No order. */
  static final int NONE = -1;

  /** So long after the start the first poll is waited for, which makes most orders needless. */
  static final long FIRST_LOOK_MS = 120_000;

  static final long RETRY_LEAST_MS = 10_000;
  static final long RETRY_MOST_MS = 900_000;

  /** Orders without effect after which a lamp counts as out of reach. */
  static final int UNMET_AFTER = 3;

  private static final int UNKNOWN = -1;
  private static final int FULL = 100;

  /** A lamp may round what it is told: one step of 1 %, but off is off. */
  private static final int ROUNDING = 1;

  private final long startMs;
  private int target = UNKNOWN;
  private int commanded = UNKNOWN;
  private long toldMs = Long.MIN_VALUE;
  private long retryMs = Long.MIN_VALUE;
  private int attempts;
  private boolean isPending;
  private boolean isSwitched;

  Pursuit(long startMs) {
    this.startMs = startMs;
  }

  /**
   * The level to order now, or {@link #NONE}; an order given counts as under way until {@link
   * #done} or {@link #refused}.
   */
  int next(int wanted, Lamps.@Nullable Shown shown, long nowMs) {
    int level = isSwitched && wanted > 0 ? FULL : wanted;
    if (level != target) {
      target = level;
      attempts = 0;
      retryMs = nowMs;
    }
    if (isPending) {
      return NONE;
    }
    boolean isFresh = shown != null && shown.monoMs() > toldMs;
    int known = isFresh && shown != null ? shown.level() : commanded;
    if (known != UNKNOWN && isAt(known, level)) {
      attempts = isFresh ? 0 : attempts;
      return NONE;
    }
    boolean waits = known == UNKNOWN && attempts == 0 && nowMs - startMs < FIRST_LOOK_MS;
    if (waits || nowMs < retryMs) {
      return NONE;
    }
    isPending = true;
    retryMs = nowMs + Math.min(RETRY_MOST_MS, RETRY_LEAST_MS << Math.min(attempts, 10));
    attempts++;
    return level;
  }

  private static boolean isAt(int known, int level) {
    return level == 0 ? known == 0 : Math.abs(known - level) <= ROUNDING;
  }

  /** The order was carried out or not. A lamp that refuses to be dimmed is one to switch. */
  void done(int level, Outcome outcome, long nowMs) {
    isPending = false;
    toldMs = nowMs;
    commanded = outcome.state() == Outcome.State.DONE ? level : UNKNOWN;
    if (outcome.state() == Outcome.State.REJECTED && level > 0 && level < FULL) {
      isSwitched = true;
    }
  }

  /** The bus had no room for the order. */
  void refused() {
    isPending = false;
    attempts--;
  }

  /** Somebody else has set the lamp. */
  void told(int level, long nowMs) {
    commanded = level;
    toldMs = nowMs;
  }

  boolean isUnmet() {
    return attempts >= UNMET_AFTER;
  }
}
