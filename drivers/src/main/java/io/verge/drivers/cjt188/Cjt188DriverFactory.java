package io.verge.drivers.cjt188;

import io.verge.driver.BusScanner;
import io.verge.driver.Driver;
import io.verge.driver.DriverFactory;
import io.verge.driver.Settings;
import io.verge.drivers.wire.bcd.Bcd;
import io.verge.drivers.wire.meter.MeterFrame;
import io.verge.model.Lane;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Family {@code cjt188}. Keys: {@code address}, 14 digits as printed, or {@code any} for the only
 * meter on a bus; {@code meter_type} (0x10), 0xAA any; {@code di_order} (learn), {@code
 * high-first}, {@code low-first}; {@code wake} (4) bytes FE; {@code valve_control} (0x04); {@code
 * status_bits} (standard), {@code mirrored}.
 */
public final class Cjt188DriverFactory implements DriverFactory {
  private static final String ADDRESS = "address";
  private static final String ANY = "any";
  private static final List<String> ORDERS = List.of("learn", "high-first", "low-first");

  @Override
  public String family() {
    return "cjt188";
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
    String address = device.text(ADDRESS, null);
    int type = (int) device.integer("meter_type", 0x10, MeterFrame.ANY, 0x10L);
    long order = ORDERS.indexOf(device.word("di_order", ORDERS, "learn"));
    int wake = (int) device.integer("wake", 0, 5, 4L);
    int valve = (int) device.integer("valve_control", 1, 0x3F, (long) Cjt188Codec.WRITE);
    boolean mirrored =
        device.word("status_bits", List.of("standard", "mirrored"), "standard").equals("mirrored");
    if (!address.equals(ANY) && !address.matches("[0-9]{14}")) {
      device.reject(
          ADDRESS,
          "address \"" + address + "\"",
          "14 digits as printed on the meter, maker's code first, or \"any\"");
      return null;
    }
    byte[] wire = Bcd.bytes(address.equals(ANY) ? "A".repeat(14) : address);
    return new Cjt188Driver(
        new Cjt188Driver.Meter(type, wire, wake, valve, mirrored, order), kept(keep));
  }

  private static long kept(long @Nullable [] keep) {
    if (keep == null || keep.length != 1) {
      return Cjt188Driver.ORDER_UNKNOWN;
    }
    boolean isOrder =
        keep[0] == Cjt188Driver.ORDER_HIGH_FIRST || keep[0] == Cjt188Driver.ORDER_LOW_FIRST;
    return isOrder ? keep[0] : Cjt188Driver.ORDER_UNKNOWN;
  }

  @Override
  public BusScanner scanner() {
    return new Cjt188Scanner();
  }

  @Override
  public String place(Settings device) {
    return "address " + device.text(ADDRESS, null).toUpperCase(Locale.ROOT);
  }
}
