package io.verge.drivers.wire.air;

import io.verge.driver.Driver;
import io.verge.driver.DriverFactory;
import io.verge.driver.Settings;
import io.verge.model.Lane;
import org.jspecify.annotations.Nullable;

/**
 * A family of air sensors. Keys: {@code frames} (3); {@code rest} (false): sleep between polls;
 * {@code warm_up} (30): frames, about seconds, thrown away after a rest.
 */
public interface AirFactory extends DriverFactory {
  /** What the family's sensors say, and how they are told to rest. */
  AirSensor sensor();

  @Override
  default boolean needsLines() {
    return false;
  }

  @Override
  default boolean needsProfile() {
    return false;
  }

  @Override
  default String typeName(Settings device, @Nullable Settings profile) {
    return "air";
  }

  @Override
  default Lane lane(Settings device, @Nullable Settings profile) {
    return Lane.TELEMETRY;
  }

  @Override
  default @Nullable Driver create(
      Settings device, @Nullable Settings profile, long @Nullable [] keep) {
    int frames = (int) device.integer("frames", 1, 15, 3L);
    int warmUp = (int) device.integer("warm_up", 1, 60, 30L);
    return new AirDriver(sensor(), frames, device.flag("rest", false) ? warmUp : 0);
  }

  @Override
  default String place(Settings device) {
    return "the UART: one sensor a bus";
  }
}
