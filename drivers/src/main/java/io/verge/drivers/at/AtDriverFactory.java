package io.verge.drivers.at;

import io.verge.driver.Driver;
import io.verge.driver.DriverFactory;
import io.verge.driver.Settings;
import io.verge.model.Lane;
import org.jspecify.annotations.Nullable;

/** Family {@code at}; no keys. */
public final class AtDriverFactory implements DriverFactory {
  @Override
  public String family() {
    return "at";
  }

  @Override
  public String typeName(Settings device, @Nullable Settings profile) {
    return "modem";
  }

  @Override
  public Lane lane(Settings device, @Nullable Settings profile) {
    return Lane.TELEMETRY;
  }

  @Override
  public @Nullable Driver create(
      Settings device, @Nullable Settings profile, long @Nullable [] keep) {
    return new AtDriver();
  }

  @Override
  public String place(Settings device) {
    return "the port: one modem a bus";
  }
}
