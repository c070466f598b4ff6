package io.verge.poll;

/**
 * What probes of all silent devices of a bus may take together: a fiftieth of its time, whether one
 * is silent or all but one. Bus thread only.
 */
final class Probes {
  private long freeNanos = Long.MIN_VALUE;

  /** Whether this silent device may be probed now; who has waited longest goes first. */
  boolean mayAsk(Breaker[] breakers, int position, long nowNanos) {
    if (!breakers[position].isOpen()) {
      return true;
    }
    if (nowNanos < freeNanos) {
      return false;
    }
    for (Breaker other : breakers) {
      if (other.isOpen() && other.probeNanos() < breakers[position].probeNanos()) {
        return false;
      }
    }
    return true;
  }

  /** A probe kept the bus for so long. */
  void asked(long nowNanos, long costNanos) {
    freeNanos = nowNanos + costNanos * (Breaker.SHARE - 1);
  }

  /** A silent device answers again: a mended cable brings back its neighbours too. */
  void hope(Breaker[] breakers, long nowNanos) {
    for (int i = 0; i < breakers.length; i++) {
      breakers[i] = breakers[i].hopeful(nowNanos);
    }
  }
}
