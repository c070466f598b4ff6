package io.verge.drivers.wire.container;

import io.verge.driver.BusException;
import io.verge.driver.BusSession;
import io.verge.driver.Framer;
import io.verge.driver.Readout;
import io.verge.driver.SerialDriver;
import io.verge.drivers.wire.listen.Hearing;
import io.verge.model.PointType;
import java.util.List;
import java.util.function.ToIntFunction;

/** Fill of a container from the median of several echoes of a sensor that talks by itself. */
public final class FillDriver implements SerialDriver {
  /** What {@code distance} gives for a frame that says there was no echo to believe. */
  public static final int NO_ECHO = -1;

  /** The slowest sensor sends every 300 ms; three periods without a frame is silence. */
  private static final int ECHO_WAIT_MS = 1000;

  private final Mounting mounting;
  private final Framer framer;
  private final byte[] trigger;
  private final ToIntFunction<byte[]> distance;

  /**
   * @param trigger sent before each echo; empty for a sensor that talks by itself.
   * @param distance millimetres of a checked frame, or {@link #NO_ECHO}.
   */
  public FillDriver(
      Mounting mounting, Framer framer, byte[] trigger, ToIntFunction<byte[]> distance) {
    this.mounting = mounting;
    this.framer = framer;
    this.trigger = trigger.clone();
    this.distance = distance;
  }

  @Override
  public List<PointType> points() {
    return Fill.POINTS;
  }

  @Override
  public Readout poll(BusSession bus) throws BusException {
    Hearing hearing =
        trigger.length == 0
            ? Hearing.of(bus, framer, 0, mounting.echoes(), ECHO_WAIT_MS)
            : Hearing.asked(bus, framer, trigger, mounting.echoes());
    if (hearing.frames().isEmpty()) {
      return Readout.without(hearing.end(), Fill.POINTS.size());
    }
    return Fill.of(mounting, hearing.frames().stream().mapToInt(distance).toArray());
  }
}
