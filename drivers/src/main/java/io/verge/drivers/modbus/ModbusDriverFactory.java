package io.verge.drivers.modbus;

import io.verge.driver.BusScanner;
import io.verge.driver.Driver;
import io.verge.driver.DriverFactory;
import io.verge.driver.Settings;
import io.verge.model.Lane;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Family {@code modbus}. Key: {@code address}, 1..247. The register map is the profile's; its keys
 * are in {@code drivers/README.md}.
 */
public final class ModbusDriverFactory implements DriverFactory {
  @Override
  public String family() {
    return "modbus";
  }

  @Override
  public boolean needsLines() {
    return false;
  }

  @Override
  public boolean needsProfile() {
    return true;
  }

  @Override
  public String typeName(Settings device, @Nullable Settings profile) {
    return ModbusProfile.type(given(profile));
  }

  @Override
  public Lane lane(Settings device, @Nullable Settings profile) {
    return ModbusProfile.lane(given(profile));
  }

  @Override
  public @Nullable Driver create(
      Settings device, @Nullable Settings profile, long @Nullable [] keep) {
    int unit = address(device);
    ModbusProfile map = ModbusProfile.of(given(profile));
    return map == null ? null : new ModbusDriver(unit, map);
  }

  @Override
  public BusScanner scanner() {
    return new ModbusScanner();
  }

  @Override
  public String place(Settings device) {
    return "address " + address(device);
  }

  /** 0 is the broadcast, 248..255 are reserved: MODBUS over Serial Line V1.02, section 2.2. */
  private static int address(Settings device) {
    return (int) device.integer("address", 1, 247, null);
  }

  private static Settings given(@Nullable Settings profile) {
    return Objects.requireNonNull(profile, "the family needs a profile");
  }
}
