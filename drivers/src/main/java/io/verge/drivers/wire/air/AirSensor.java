package io.verge.drivers.wire.air;

import io.verge.driver.Framer;
import io.verge.driver.Readout;
import io.verge.model.PointType;
import java.util.List;
import java.util.function.Function;

/**
 * A kind of sensor that talks by itself.
 *
 * @param frameWaitMs how long it may take to its next frame.
 * @param wake what makes it work; not changed.
 * @param sleep what makes it rest; not changed.
 * @param judge from the frames of a poll, at least one, to its readout.
 */
public record AirSensor(
    List<PointType> points,
    Framer framer,
    int frameWaitMs,
    byte[] wake,
    byte[] sleep,
    Function<List<byte[]>, Readout> judge) {
  public AirSensor {
    points = List.copyOf(points);
  }
}
