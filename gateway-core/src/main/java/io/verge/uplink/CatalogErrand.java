package io.verge.uplink;

import java.util.HashSet;
import java.util.Set;

/** One connection's catalogs: which were sent, and whether one is on its way now. */
final class CatalogErrand {
  private final Set<Long> begun = new HashSet<>();
  private boolean underWay;
  private long sinceNanos;

  boolean isUnderWay() {
    return underWay;
  }

  boolean wasBegun(long rev) {
    return begun.contains(rev);
  }

  void begin(long rev, long now) {
    begun.add(rev);
    underWay = true;
    sinceNanos = now;
  }

  void done() {
    underWay = false;
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
