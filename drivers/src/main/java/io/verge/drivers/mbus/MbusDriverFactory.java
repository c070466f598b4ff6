package io.verge.drivers.mbus;

import io.verge.driver.BusScanner;
import io.verge.driver.Driver;
import io.verge.driver.DriverFactory;
import io.verge.driver.Settings;
import io.verge.model.Lane;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Family {@code mbus}. Keys: {@code address}, 0..250; or {@code secondary}, 16 hex digits as
 * libmbus prints them: number (8), then manufacturer (4), version (2) and medium (2) as on the
 * wire; F matches anything.
 */
public final class MbusDriverFactory implements DriverFactory {
  private static final String SECONDARY = "secondary";
  private static final long ADDRESS_MOST = 250;

  @Override
  public String family() {
    return "mbus";
  }

  @Override
  public String typeName(Settings device, @Nullable Settings profile) {
    return "water";
  }

  @Override
  public Lane lane(Settings device, @Nullable Settings profile) {
    return Lane.METER;
  }

  @Override
  public @Nullable Driver create(
      Settings device, @Nullable Settings profile, long @Nullable [] keep) {
    if (!device.has(SECONDARY)) {
      return new MbusDriver((int) device.integer("address", 0, ADDRESS_MOST, null), null);
    }
    String digits = device.text(SECONDARY, null);
    if (!digits.matches("[0-9A-Fa-f]{16}")) {
      device.reject(
          SECONDARY,
          "secondary address '" + digits + "'",
          "16 hex digits: number (8), manufacturer (4), version (2), medium (2)");
      return null;
    }
    return new MbusDriver(0, wire(HexFormat.of().parseHex(digits)));
  }

  /** The number travels low byte first. */
  private static byte[] wire(byte[] printed) {
    byte[] wire = printed.clone();
    for (int i = 0; i < 4; i++) {
      wire[i] = printed[3 - i];
    }
    return wire;
  }

  @Override
  public BusScanner scanner() {
    return new MbusScanner();
  }

  @Override
  public String place(Settings device) {
    return device.has(SECONDARY)
        ? "secondary " + device.text(SECONDARY, null).toUpperCase(Locale.ROOT)
        : "address " + device.integer("address", 0, ADDRESS_MOST, null);
  }
}
