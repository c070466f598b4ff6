package io.verge.drivers.pms;

import io.verge.driver.Driver;
import io.verge.driver.DriverFactory;
import io.verge.driver.Settings;
import io.verge.model.Lane;
import org.jspecify.annotations.Nullable;

/**
 * Family {@code pms}. Keys: {@code frames} (3); {@code rest} (false): sleep between polls; {@code
 * warm_up} (30): frames, about seconds, thrown away after a rest.
 */
public final class PmsDriverFactory implements DriverFactory {
  @Override
  public String family() {
    return "pms";
  }

  @Override
  public boolean needsLines() {
    return false;
  }

  @Override
  public boolean needsProfile() {
    return false;
  }

  @Override
  public String typeName(Settings device, @Nullable Settings profile) {
    return "air";
  }

  @Override
  public Lane lane(Settings device, @Nullable Settings profile) {
    return Lane.TELEMETRY;
  }

  @Override
  public @Nullable Driver create(
      Settings device, @Nullable Settings profile, long @Nullable [] keep) {
    int frames = (int) device.integer("frames", 1, 15, 3L);
    int warmUp = (int) device.integer("warm_up", 1, 60, 30L);
    return new PmsDriver(frames, device.flag("rest", false) ? warmUp : 0);
  }

  @Override
  public String place(Settings device) {
    return "the UART: one sensor a bus";
  }
}
