package io.verge.drivers.wire.air;

import io.verge.driver.BusException;
import io.verge.driver.BusSession;
import io.verge.driver.Readout;
import io.verge.driver.SerialDriver;
import io.verge.drivers.wire.listen.Hearing;
import io.verge.model.PointType;
import java.util.List;

/** Particulate matter, from several frames. */
public final class AirDriver implements SerialDriver {
  private final AirSensor sensor;
  private final int frames;
  private final int warmUp;

  /**
   * @param frames how many to judge.
   * @param warmUp frames thrown away after waking the sensor, which then sleeps between polls; 0:
   *     it runs all the time.
   */
  public AirDriver(AirSensor sensor, int frames, int warmUp) {
    this.sensor = sensor;
    this.frames = frames;
    this.warmUp = warmUp;
  }

  @Override
  public List<PointType> points() {
    return sensor.points();
  }

  @Override
  public Readout poll(BusSession bus) throws BusException {
    if (warmUp > 0) {
      bus.send(sensor.wake());
    }
    Hearing hearing = Hearing.of(bus, sensor.framer(), warmUp, frames, sensor.frameWaitMs());
    if (warmUp > 0) {
      bus.send(sensor.sleep());
    }
    return hearing.frames().isEmpty()
        ? Readout.without(hearing.end(), sensor.points().size())
        : sensor.judge().apply(hearing.frames());
  }
}
