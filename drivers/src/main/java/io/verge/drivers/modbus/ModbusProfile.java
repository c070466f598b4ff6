package io.verge.drivers.modbus;

import io.verge.driver.Settings;
import io.verge.drivers.modbus.RegisterPoint.ByteOrder;
import io.verge.drivers.modbus.RegisterPoint.NumberType;
import io.verge.drivers.wire.modbus.ModbusCodec;
import io.verge.model.DeviceType;
import io.verge.model.Lane;
import io.verge.model.PointKind;
import io.verge.model.PointType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The register map of a device model.
 *
 * @param most registers the device gives in one read.
 * @param gap registers nobody wants that a read may cross.
 * @param levelRegister holding register of the commanded level in percent, or -1.
 */
record ModbusProfile(List<RegisterPoint> points, int most, int gap, int levelRegister) {
  private static final int LAST_REGISTER = 0xFFFF;
  private static final long EXPONENT_MOST = 9;

  ModbusProfile {
    points = List.copyOf(points);
  }

  static String type(Settings profile) {
    return profile.text("type", null);
  }

  static Lane lane(Settings profile) {
    return profile.word("lane", List.of("telemetry", "meter"), "telemetry").equals("meter")
        ? Lane.METER
        : Lane.TELEMETRY;
  }

  /**
   * @return null if anything was wrong; all of it has been reported.
   */
  static @Nullable ModbusProfile of(Settings profile) {
    Reader reader = new Reader(profile);
    // For people only: what the device is, and where the map comes from.
    profile.text("maker", "");
    profile.text("model", "");
    profile.text("source", "");
    type(profile);
    lane(profile);
    int most = (int) profile.integer("limit", 4, ModbusCodec.READ_REGISTERS_MAX, 125L);
    int gap = (int) profile.integer("gap_limit", 0, ModbusCodec.READ_REGISTERS_MAX, 0L);
    List<RegisterPoint> points = reader.points();
    int level = reader.levelRegister();
    return reader.wrong ? null : new ModbusProfile(points, most, gap, level);
  }

  /** Reads on after a problem, so that one run reports them all. */
  private static final class Reader {
    private final Settings profile;
    private boolean wrong;

    Reader(Settings profile) {
      this.profile = profile;
    }

    List<RegisterPoint> points() {
      List<RegisterPoint> points = new ArrayList<>();
      Set<String> names = new HashSet<>();
      List<Settings> tables = profile.tables("points");
      if (tables.isEmpty() || tables.size() > DeviceType.POINTS_MAX) {
        reject(
            profile,
            "points",
            tables.size() + " points in the profile",
            "a profile has 1.." + DeviceType.POINTS_MAX + " tables [[points]]");
        return points;
      }
      for (Settings table : tables) {
        String name = table.text("name", null);
        if (!name.matches("[a-z0-9][a-z0-9_-]{0,31}")) {
          reject(
              table,
              "name",
              "point name '" + name + "'",
              "1..32 lower case letters, digits, - and _");
          name = "point-" + points.size();
        } else if (!names.add(name)) {
          reject(table, "name", "point '" + name + "' twice", "each point has its own name");
        }
        points.add(point(table, name));
      }
      return points;
    }

    private RegisterPoint point(Settings table, String name) {
      PointType type =
          new PointType(
              name,
              table.text("unit", ""),
              (int) table.integer("decimals", 0, 9, 0L),
              PointKind.of(word(table, "kind", PointKind.values(), "gauge")),
              table.text("meaning", ""));
      boolean holding = table.word("table", List.of("input", "holding"), "input").equals("holding");
      NumberType as =
          NumberType.valueOf(
              word(table, "as", NumberType.values(), "u16").toUpperCase(Locale.ROOT));
      ByteOrder order =
          ByteOrder.valueOf(
              word(table, "order", ByteOrder.values(), "abcd").toUpperCase(Locale.ROOT));
      int register = (int) table.integer("register", 0, LAST_REGISTER, null);
      if (register + as.words() - 1 > LAST_REGISTER) {
        reject(
            table,
            "register",
            "register " + register + " and the " + (as.words() - 1) + " after it",
            "the last register is " + LAST_REGISTER);
      }
      return new RegisterPoint(
          type,
          holding ? ModbusCodec.READ_HOLDING : ModbusCodec.READ_INPUT,
          register,
          as,
          order,
          (int) table.integer("exponent", -EXPONENT_MOST, EXPONENT_MOST, 0L),
          table.has("none") ? table.integer("none", 0, Long.MAX_VALUE, null) : RegisterPoint.NEVER);
    }

    int levelRegister() {
      int register = -1;
      for (Settings table : profile.tables("operation")) {
        String name = table.text("name", null);
        if (!name.equals(ModbusDriver.SET_LEVEL) || register >= 0) {
          reject(
              table,
              "name",
              "operation '" + name + "'",
              "a profile may have one operation, 'set-level'");
        }
        register = (int) table.integer("register", 0, LAST_REGISTER, null);
        table.integer("function", ModbusCodec.WRITE_REGISTER, ModbusCodec.WRITE_REGISTER, 6L);
      }
      return register;
    }

    private String word(Settings table, String key, Enum<?>[] words, String fallback) {
      List<String> known =
          Stream.of(words).map(word -> word.name().toLowerCase(Locale.ROOT)).toList();
      String found = table.word(key, known, fallback);
      if (!known.contains(found)) {
        wrong = true;
        return fallback;
      }
      return found;
    }

    private void reject(Settings table, String key, String message, String hint) {
      wrong = true;
      table.reject(key, message, hint);
    }
  }
}
