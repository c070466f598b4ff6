package io.verge.simulator.field;

import io.verge.simulator.device.Cjt188Wire;
import io.verge.simulator.device.Dlt645Wire;
import io.verge.simulator.device.MbusMeter;
import io.verge.simulator.device.MbusWire;
import io.verge.simulator.device.Wire;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.LongUnaryOperator;

/** Meters on M-Bus, by primary and by secondary address, on CJ/T 188 and on DL/T 645. */
final class MeterLines {
  private static final int METERS = 4;
  private static final int NUMBER = 16_357_550;
  private static final int MAKER = 0x1EE6;
  private static final long VALVES = 33_000_000_000_000L;
  private static final long ELECTRICITY = 160;
  private static final int LONG_FRAME = 11;
  private static final String TWIN = "twin-";

  private MeterLines() {}

  /** Meters with assets of a prefix, which knows a twin. */
  @FunctionalInterface
  private interface Meters {
    Wire on(Truth truth, String prefix, Moment moment);
  }

  /** A bus of 2400 baud whose meters have twins of the same addresses. */
  private static FieldBus bus(
      FieldStreet street,
      String name,
      String prefix,
      Function<byte[], String> sender,
      Meters meters) {
    Truth truth = street.truth();
    return street.bus(
        name,
        2400,
        "8E1",
        500,
        FieldStreet.BUS,
        sender,
        moment -> meters.on(truth, prefix, moment),
        moment -> meters.on(truth, TWIN + prefix, moment));
  }

  static void addTo(FieldStreet street) {
    primary(street);
    secondary(street);
    valves(street);
    electricity(street);
  }

  /** A telegram's number; an ack has none. */
  private static String number(byte[] said) {
    return said.length < LONG_FRAME
        ? "ack"
        : HexFormat.of().formatHex(Arrays.copyOfRange(said, 7, LONG_FRAME));
  }

  private static void primary(FieldStreet street) {
    FieldBus bus = bus(street, "water", "water-", MeterLines::number, MeterLines::primary);
    for (int address = 1; address <= METERS; address++) {
      bus.device("water-" + address, "10s", "driver = \"mbus\"\naddress = " + address);
    }
  }

  private static Wire primary(Truth truth, String prefix, Moment moment) {
    long serial = prefix.startsWith(TWIN) ? 20_000_000 : 10_000_000;
    MbusWire wire = new MbusWire();
    for (int address = 1; address <= METERS; address++) {
      String name = prefix + address;
      LongUnaryOperator volume = truth.leaping(name + " volume", 1, 0, 90_000_000);
      LongUnaryOperator flow = truth.leaping(name + " flow", 1, 0, 900_000);
      truth.put(name, "volume", volume);
      truth.put(name, "flow", flow);
      truth.always(name, "status", 0);
      wire.put(
          MbusMeter.water(
              address,
              serial + address,
              () -> volume.applyAsLong(moment.nanos()) / 1000.0,
              () -> flow.applyAsLong(moment.nanos()) / 1000.0));
    }
    return wire;
  }

  private static void secondary(FieldStreet street) {
    FieldBus bus = bus(street, "heat", "heat-", MeterLines::number, MeterLines::secondary);
    for (int i = 0; i < METERS; i++) {
      bus.device(
          "heat-" + i,
          "10s",
          String.format(
              Locale.ROOT,
              "driver = \"mbus\"\nsecondary = \"%08d%02X%02X%02X07\"",
              NUMBER + i,
              MAKER & 0xFF,
              MAKER >> 8,
              i));
    }
  }

  private static Wire secondary(Truth truth, String prefix, Moment moment) {
    MbusWire wire = new MbusWire();
    for (int i = 0; i < METERS; i++) {
      String name = prefix + i;
      LongUnaryOperator volume = truth.leaping(name + " volume", 1, 0, 90_000_000);
      truth.put(name, "volume", volume);
      truth.always(name, "status", 0);
      wire.put(
          MbusMeter.unaddressed(
              NUMBER + i, MAKER, i, 7, () -> volume.applyAsLong(moment.nanos()) / 1000.0));
    }
    return wire;
  }

  private static void valves(FieldStreet street) {
    FieldBus bus =
        bus(
            street,
            "valves",
            "valve-",
            said -> HexFormat.of().formatHex(Arrays.copyOfRange(said, 2, 9)),
            MeterLines::valves);
    for (int i = 1; i <= METERS; i++) {
      bus.device("valve-" + i, "10s", "driver = \"cjt188\"\naddress = \"" + (VALVES + i) + "\"");
    }
  }

  private static Wire valves(Truth truth, String prefix, Moment moment) {
    Cjt188Wire wire = new Cjt188Wire();
    for (int i = 1; i <= METERS; i++) {
      String name = prefix + i;
      LongUnaryOperator centi = truth.leaping(name + " volume", 1, 0, 90_000_000);
      truth.put(name, "volume", nanos -> centi.applyAsLong(nanos) * 10);
      truth.put(name, "volume_settled", nanos -> centi.applyAsLong(nanos) / 2 * 10);
      truth.always(name, "valve", 0);
      truth.always(name, "battery_low", 0);
      truth.always(name, "status", 0xFF);
      wire.put(
          new Cjt188Wire.Meter(
              VALVES + i, i % 2 == 0, () -> (centi.applyAsLong(moment.nanos()) + 0.5) / 100));
    }
    return wire;
  }

  private static void electricity(FieldStreet street) {
    FieldBus bus =
        bus(
            street,
            "power",
            "power-",
            said -> HexFormat.of().formatHex(Arrays.copyOfRange(said, 1, 7)),
            MeterLines::electricity);
    for (int i = 1; i <= 2; i++) {
      bus.device(
          "power-" + i,
          "20s",
          String.format(Locale.ROOT, "driver = \"dlt645\"\naddress = \"%012d\"", ELECTRICITY + i));
    }
  }

  private static Wire electricity(Truth truth, String prefix, Moment moment) {
    Dlt645Wire first = meter(truth, prefix + 1, ELECTRICITY + 1, moment);
    Dlt645Wire second = meter(truth, prefix + 2, ELECTRICITY + 2, moment);
    return new Wire() {
      @Override
      public byte[] received(byte[] bytes, long nanos) {
        byte[] said = first.received(bytes, nanos);
        byte[] other = second.received(bytes, nanos);
        return said.length > 0 ? said : other;
      }

      @Override
      public byte[] spontaneous(long nanos) {
        return new byte[0];
      }

      @Override
      public long served() {
        return first.served() + second.served();
      }
    };
  }

  private static Dlt645Wire meter(Truth truth, String name, long number, Moment moment) {
    Dlt645Wire wire = new Dlt645Wire(number);
    wire.put(0x00010000, value(truth, name, "energy_import", 0, 90_000_000, 4, moment));
    wire.put(0x00020000, value(truth, name, "energy_export", 0, 90_000_000, 4, moment));
    wire.put(
        0x0201FF00,
        phases(truth, name, "voltage", 1000, 5000, 2, moment).toArray(Dlt645Wire.Value[]::new));
    wire.put(
        0x0202FF00,
        phases(truth, name, "current", 0, 700_000, 3, moment).toArray(Dlt645Wire.Value[]::new));
    wire.put(0x02030000, value(truth, name, "power", -400_000, 800_000, 3, moment));
    wire.put(0x02060000, value(truth, name, "factor", 100, 900, 2, moment));
    wire.put(0x02800002, value(truth, name, "frequency", 4900, 200, 2, moment));
    return wire;
  }

  private static List<Dlt645Wire.Value> phases(
      Truth truth, String name, String point, long from, long count, int bytes, Moment moment) {
    return List.of(
        value(truth, name, point + "_1", from, count, bytes, moment),
        value(truth, name, point + "_2", from, count, bytes, moment),
        value(truth, name, point + "_3", from, count, bytes, moment));
  }

  private static Dlt645Wire.Value value(
      Truth truth, String name, String point, long from, long count, int bytes, Moment moment) {
    // A block comes in parts, and each part is read at its own moment: values hold a while.
    LongUnaryOperator leaping = truth.leaping(name + " " + point, 3, from, count);
    truth.put(name, point, leaping);
    return new Dlt645Wire.Value(() -> leaping.applyAsLong(moment.nanos()), bytes);
  }
}
