package io.verge.drivers.hcsr04;

import io.verge.driver.LineSession.Edge;
import io.verge.drivers.wire.container.FillDriver;
import java.util.List;

/** The pulse on the echo line. Static functions. */
final class EchoPulse {
  /** The pulse begins half a millisecond after the trigger, after a burst of 200 microseconds. */
  private static final long BEGINS_WITHIN_MICROS = 10_000;

  /** Without an echo the pulse lasts 38 ms; the farthest believed one, 4 m, lasts 23.5 ms. */
  private static final long LASTS_AT_MOST_MICROS = 36_000;

  /** Twice the distance at 343.42 m/s, the speed of sound at 20 degrees Celsius. */
  private static final long MM_PER_200_MS = 34_342;

  private EchoPulse() {}

  /**
   * Distance at 20 degrees Celsius.
   *
   * @param edges of the echo line since the trigger, oldest first.
   * @param triggeredMicros when the trigger began.
   * @return millimetres; {@link FillDriver#NO_ECHO} where there is no pulse, more than one, or one
   *     that is no echo.
   */
  static int distanceMm(List<Edge> edges, long triggeredMicros) {
    if (edges.size() != 2 || !edges.get(0).rising() || edges.get(1).rising()) {
      return FillDriver.NO_ECHO;
    }
    long begin = edges.get(0).micros() - triggeredMicros;
    long length = edges.get(1).micros() - edges.get(0).micros();
    boolean isInTime = begin >= 0 && begin <= BEGINS_WITHIN_MICROS;
    if (!isInTime || length <= 0 || length > LASTS_AT_MOST_MICROS) {
      return FillDriver.NO_ECHO;
    }
    return (int) ((length * MM_PER_200_MS + 100_000) / 200_000);
  }
}
