package io.verge.uplink;

import java.util.HashSet;
import java.util.Set;

/** One connection's catalogs: which were sent, and whether one is on its way now. */
final class CatalogErrand {
  private final Set<Long> begun = new HashSet<>();
  private boolean underWay;
  private boolean isNeeded;
  private long sinceNanos;

  boolean isUnderWay() {
    return underWay;
  }

  boolean wasBegun(long rev) {
    return begun.contains(rev);
  }

  /**
   * @param needed somebody can't read what is under way without it.
   */
  void begin(long rev, boolean needed, long now) {
    begun.add(rev);
    underWay = true;
    isNeeded = needed;
    sinceNanos = now;
  }

  /** Whether what was under way before it was for nothing. */
  boolean done() {
    underWay = false;
    return isNeeded;
  }

  void forget() {
    begun.clear();
    underWay = false;
  }

  /** When waiting for it ends. */
  long due(long timeoutNanos) {
    return underWay ? sinceNanos + timeoutNanos : Long.MAX_VALUE;
  }
}
