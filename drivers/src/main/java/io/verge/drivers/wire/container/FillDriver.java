package io.verge.drivers.wire.container;

import io.verge.driver.BusException;
import io.verge.driver.BusSession;
import io.verge.driver.Framer;
import io.verge.driver.Readout;
import io.verge.driver.SerialDriver;
import io.verge.drivers.wire.listen.Hearing;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Fill of a container from the median of several echoes of a sensor that talks by itself. What was
 * measured on the spot with {@code calibrate} counts more than the configured distances.
 */
public final class FillDriver extends CalibratedDriver<BusSession> implements SerialDriver {
  /** What {@code distance} gives for a frame that says there was no echo to believe. */
  public static final int NO_ECHO = -1;

  /** The slowest sensor sends every 300 ms; three periods without a frame is silence. */
  private static final int ECHO_WAIT_MS = 1000;

  private final Framer framer;
  private final byte[] trigger;
  private final ToIntFunction<byte[]> distance;

  /**
   * @param trigger sent before each echo; empty for a sensor that talks by itself.
   * @param distance millimetres of a checked frame, or {@link #NO_ECHO}.
   * @param keep as a readout of this driver kept it; null: never calibrated.
   */
  public FillDriver(
      Mounting mounting,
      Framer framer,
      byte[] trigger,
      ToIntFunction<byte[]> distance,
      long @Nullable [] keep) {
    super(mounting, keep);
    this.framer = framer;
    this.trigger = trigger.clone();
    this.distance = distance;
  }

  @Override
  protected Readout measured(BusSession bus, Mounting mounting) throws BusException {
    Hearing hearing =
        trigger.length == 0
            ? Hearing.of(bus, framer, 0, mounting.echoes(), ECHO_WAIT_MS)
            : Hearing.asked(bus, framer, trigger, mounting.echoes());
    return hearing.frames().isEmpty()
        ? Readout.without(hearing.end(), Fill.POINTS.size())
        : Fill.of(mounting, hearing.frames().stream().mapToInt(distance).toArray());
  }
}
