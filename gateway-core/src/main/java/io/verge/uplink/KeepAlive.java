package io.verge.uplink;

/**
 * How long a connection may be silent before it is probed, learned between two bounds: as rarely as
 * the network's translator (NAT) lets a silent connection live. It grows after a connection has
 * lasted, and falls back after two that died of silence. Pure.
 *
 * @param leastMs known to be short enough.
 * @param mostMs longer is not tried.
 * @param nowMs in use.
 * @param goodMs longest under which a connection lasted.
 * @param badMs shortest under which connections died; {@link Long#MAX_VALUE}: none yet.
 * @param deaths in a row.
 */
record KeepAlive(long leastMs, long mostMs, long nowMs, long goodMs, long badMs, int deaths) {
  /** A connection that lasted so many silences has shown that it can. */
  static final int SILENCES = 10;

  /** One death may be a broker's restart; two in a row are the silence's doing. */
  private static final int DEATHS = 2;

  /** Nearer than this to what died is near enough. */
  private static final double NEAR = 1.25;

  private static final int NUMBERS = 4;

  static KeepAlive between(long leastMs, long mostMs) {
    return new KeepAlive(leastMs, Math.max(leastMs, mostMs), leastMs, leastMs, Long.MAX_VALUE, 0);
  }

  /** Learned before, as far as it fits the bounds of today. */
  static KeepAlive of(long leastMs, long mostMs, long[] kept) {
    KeepAlive fresh = between(leastMs, mostMs);
    if (kept.length != NUMBERS) {
      return fresh;
    }
    long now = Math.max(leastMs, Math.min(fresh.mostMs, kept[0]));
    long good = Math.max(leastMs, Math.min(fresh.mostMs, kept[1]));
    return new KeepAlive(
        leastMs, fresh.mostMs, now, good, Math.max(now, kept[2]), (int) Math.min(DEATHS, kept[3]));
  }

  /** As the store keeps it. */
  long[] numbers() {
    return new long[] {nowMs, goodMs, badMs, deaths};
  }

  /** How long a connection must last to show that this interval is good. */
  long provenAfterMs() {
    return nowMs * SILENCES;
  }

  /** A connection has lasted {@link #provenAfterMs}. */
  KeepAlive lasted() {
    return new KeepAlive(leastMs, mostMs, nowMs, Math.max(goodMs, nowMs), badMs, 0);
  }

  /** What the next connection should try: longer, if this one is proven and there is room. */
  KeepAlive longer() {
    if (goodMs < nowMs) {
      return this;
    }
    long next = badMs == Long.MAX_VALUE ? Math.min(mostMs, nowMs * 2) : nowMs + (badMs - nowMs) / 2;
    boolean isWorthIt = nowMs < mostMs && nowMs * NEAR < badMs;
    return isWorthIt
        ? new KeepAlive(leastMs, mostMs, Math.min(mostMs, next), goodMs, badMs, 0)
        : this;
  }

  /** A connection died though the network was there at once for the next one. */
  KeepAlive died() {
    if (deaths + 1 < DEATHS || nowMs <= leastMs) {
      return new KeepAlive(leastMs, mostMs, nowMs, goodMs, badMs, Math.min(DEATHS, deaths + 1));
    }
    long good = goodMs < nowMs ? goodMs : Math.max(leastMs, nowMs / 2);
    return new KeepAlive(leastMs, mostMs, good, good, nowMs, 0);
  }
}
