package io.verge.store;

import io.verge.model.Lane;
import io.verge.model.Stamp;

/**
 * What past is wanted of one point.
 *
 * @param lane of its device.
 * @param now what ages are counted from, a stamp of this boot.
 * @param sinceMs the oldest age wanted, milliseconds.
 * @param untilMs the youngest.
 */
public record HistoryQuery(
    Lane lane, String asset, String point, Stamp now, long sinceMs, long untilMs) {
  /**
   * Milliseconds since then, or -1 where that is not known. A sample read from a batch has either
   * UTC or the time since its boot.
   */
  public long ageMs(Stamp then) {
    if (then.hasUtc() && now.hasUtc()) {
      return Math.max(0, now.utcMs() - then.utcMs());
    }
    boolean hasMono = !then.hasUtc() || then.monoMs() > 0;
    return then.boot() == now.boot() && hasMono ? Math.max(0, now.monoMs() - then.monoMs()) : -1;
  }
}
