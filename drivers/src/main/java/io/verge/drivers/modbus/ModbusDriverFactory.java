package io.verge.drivers.modbus;

import io.verge.driver.BusScanner;
import io.verge.driver.Driver;
import io.verge.driver.DriverFactory;
import io.verge.driver.Settings;
import io.verge.model.Lane;
import io.verge.model.PointType;
import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Family {@code modbus}. Keys: {@code address}, 1..247; {@code channel} where the profile has
 * channels; {@code contact}, "no" or "nc", where it sets coils; {@code measures}, {@code unit},
 * {@code decimals} (3), {@code at_4ma} and {@code at_20ma} where it reads a loop. The register map
 * is the profile's; its keys are in {@code drivers/README.md}.
 */
public final class ModbusDriverFactory implements DriverFactory {
  /** No sensor of a loop has a larger end of its range. */
  private static final BigDecimal MOST = BigDecimal.valueOf(1_000_000);

  @Override
  public String family() {
    return "modbus";
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
    if (map == null) {
      return null;
    }
    ModbusProfile wired = measuring(device, wired(device, map));
    if (map.channels() > 0) {
      int channel = (int) device.integer("channel", 1, map.channels(), null);
      return new ModbusDriver(unit, wired.ofChannel(channel));
    }
    if (device.has("channel")) {
      device.reject("channel", "the profile has no channels", "leave it out");
      return null;
    }
    return new ModbusDriver(unit, wired);
  }

  /** What the sensor on the loop measures: {@code measures}, {@code unit}, {@code decimals}. */
  private static ModbusProfile measuring(Settings device, ModbusProfile map) {
    if (map.loop() == ModbusProfile.NO_LOOP) {
      return map;
    }
    String name = device.text("measures", null);
    String unit = device.text("unit", "");
    int decimals = (int) device.integer("decimals", 0, 6, 3L);
    BigDecimal at4 = device.decimal("at_4ma", MOST.negate(), MOST, null);
    BigDecimal at20 = device.decimal("at_20ma", MOST.negate(), MOST, null);
    if (!name.matches("[a-z0-9][a-z0-9_-]{0,31}")) {
      device.reject(
          "measures", "found '" + name + "'", "what is measured, as a point's name: level");
      return map;
    }
    return map.measuring(PointType.gauge(name, unit, decimals), at4, at20);
  }

  private static ModbusProfile wired(Settings device, ModbusProfile map) {
    if (!device.has("contact")) {
      return map;
    }
    boolean opening = device.word("contact", List.of("no", "nc"), "no").equals("nc");
    if (!map.hasCoils()) {
      device.reject("contact", "the profile sets no coils", "leave it out");
    }
    return opening ? map.behindOpening() : map;
  }

  @Override
  public BusScanner scanner() {
    return new ModbusScanner();
  }

  @Override
  public String place(Settings device) {
    String address = "address " + address(device);
    return device.has("channel")
        ? address + " channel " + device.integer("channel", 1, Integer.MAX_VALUE, null)
        : address;
  }

  /** 0 is the broadcast, 248..255 are reserved: MODBUS over Serial Line V1.02, section 2.2. */
  private static int address(Settings device) {
    return (int) device.integer("address", 1, 247, null);
  }

  private static Settings given(@Nullable Settings profile) {
    return Objects.requireNonNull(profile, "the family needs a profile");
  }
}
