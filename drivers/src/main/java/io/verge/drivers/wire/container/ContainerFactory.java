package io.verge.drivers.wire.container;

import io.verge.driver.DriverFactory;
import io.verge.driver.Settings;
import io.verge.model.Lane;
import org.jspecify.annotations.Nullable;

/** A family of sensors that look into a container, by default each on a UART of its own. */
public interface ContainerFactory extends DriverFactory {
  @Override
  default String typeName(Settings device, @Nullable Settings profile) {
    return "container";
  }

  @Override
  default Lane lane(Settings device, @Nullable Settings profile) {
    return Lane.TELEMETRY;
  }

  @Override
  default String place(Settings device) {
    return "the UART: one sensor a bus";
  }
}
