package io.verge.drivers.hcsr04;

import io.verge.driver.BusException;
import io.verge.driver.LineDriver;
import io.verge.driver.LineSession;
import io.verge.driver.LineSession.Edge;
import io.verge.driver.LineSession.Pull;
import io.verge.driver.Readout;
import io.verge.drivers.wire.container.CalibratedDriver;
import io.verge.drivers.wire.container.Fill;
import io.verge.drivers.wire.container.FillDriver;
import io.verge.drivers.wire.container.Mounting;
import io.verge.model.Quality;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Pings several times, and takes the median of the echoes. What was measured on the spot with
 * {@code calibrate} counts more than the configured distances.
 */
final class Hcsr04Driver extends CalibratedDriver<LineSession> implements LineDriver {
  /** Twice what the module asks for: nobody's clock is exact. */
  private static final int TRIGGER_MICROS = 20;

  /** From ping to ping; sooner, the echo of the one before may still be under way. */
  private static final int PING_MS = 65;

  /** Clones hold the echo line for 200 ms where there is no echo. */
  private static final int RELEASES_WITHIN_PINGS = 4;

  private final int trigger;
  private final int echo;

  /**
   * @param keep as a readout of this driver kept it; null: never calibrated.
   */
  Hcsr04Driver(int trigger, int echo, Mounting mounting, long @Nullable [] keep) {
    super(mounting, keep);
    this.trigger = trigger;
    this.echo = echo;
  }

  @Override
  protected Readout measured(LineSession lines, Mounting mounting) throws BusException {
    if (!lines.timesEdges()) {
      return failed(
          Quality.SUSPECT,
          "this port cannot time a pulse; use gpio:gpiochipN?via=chardev, without debounce");
    }
    int[] found = new int[mounting.echoes()];
    int begun = 0;
    for (int i = 0; i < found.length; i++) {
      if (!isReleased(lines)) {
        return failed(Quality.TIMEOUT, "the echo line stays high");
      }
      lines.edges(echo, Pull.DOWN);
      long lost = lines.lostEdges(echo, Pull.DOWN);
      long triggered = lines.micros();
      lines.pulse(trigger, TRIGGER_MICROS);
      lines.settle(PING_MS);
      List<Edge> edges = lines.edges(echo, Pull.DOWN);
      begun += edges.isEmpty() ? 0 : 1;
      found[i] =
          lines.lostEdges(echo, Pull.DOWN) == lost
              ? EchoPulse.distanceMm(edges, triggered)
              : FillDriver.NO_ECHO;
    }
    return begun == 0
        ? failed(Quality.TIMEOUT, "no pulse on the echo line")
        : Fill.of(mounting, found);
  }

  private boolean isReleased(LineSession lines) throws BusException {
    for (int i = 0; i < RELEASES_WITHIN_PINGS; i++) {
      if (!lines.level(echo, Pull.DOWN)) {
        return true;
      }
      lines.settle(PING_MS);
    }
    return !lines.level(echo, Pull.DOWN);
  }

  private static Readout failed(Quality quality, String why) {
    return Readout.failed(quality, Fill.POINTS.size(), why);
  }
}
