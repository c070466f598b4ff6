package io.verge.drivers.pulse;

import io.verge.driver.LineSession.Edge;
import java.util.List;

/**
 * Counts pulses of a bouncing contact. A level counts once it has lasted the debounce time; shorter
 * ones never happened. Both levels must last: a magnet resting at the switching point of a reed
 * bounces for minutes, and a dead time after an edge would count that. Not thread-safe.
 */
final class PulseCounter {
  private final long debounceMicros;
  private final boolean countsRising;
  private boolean steady;
  private boolean level;
  private long since;
  private long lastPulse = -1;

  /**
   * @param level of the line at {@code now}, taken as steady.
   */
  PulseCounter(long debounceMicros, boolean countsRising, boolean level, long now) {
    this.debounceMicros = debounceMicros;
    this.countsRising = countsRising;
    this.steady = level;
    this.level = level;
    this.since = now;
  }

  /**
   * @param edges since the last call, oldest first.
   * @param now microseconds since boot, taken before the edges were.
   * @return pulses that became certain.
   */
  int count(List<Edge> edges, long now) {
    int pulses = 0;
    for (Edge edge : edges) {
      pulses += lasted(edge.micros());
      level = edge.rising();
      since = edge.micros();
    }
    return pulses + lasted(now);
  }

  /** After edges were lost: the line's level now is all that is known. */
  void resume(boolean found, long now) {
    if (found != level) {
      level = found;
      since = now;
    }
  }

  private int lasted(long until) {
    if (level == steady || until - since < debounceMicros) {
      return 0;
    }
    steady = level;
    if (steady != countsRising) {
      return 0;
    }
    lastPulse = since;
    return 1;
  }

  /** When the last pulse began, in microseconds since boot; -1 before the first. */
  long lastPulse() {
    return lastPulse;
  }
}
