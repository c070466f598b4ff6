package io.verge.drivers.modbus;

import io.verge.driver.Settings;
import io.verge.drivers.modbus.RegisterPlan.Limits;
import io.verge.drivers.modbus.RegisterPoint.ByteOrder;
import io.verge.drivers.modbus.RegisterPoint.NumberType;
import io.verge.drivers.wire.modbus.ModbusCodec;
import io.verge.model.DeviceType;
import io.verge.model.PointKind;
import io.verge.model.PointType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads a profile, and on after a problem, so that one run reports them all. */
final class ProfileReader {
  private static final int LAST_REGISTER = 0xFFFF;
  private static final long EXPONENT_MOST = 9;
  private static final int CHANNELS_MOST = 64;
  private static final int BIT_LIMIT_LEAST = 8;
  private static final String SET = "set-";
  private static final List<String> TABLES = List.of("input", "holding", "coil", "discrete");

  private final Settings profile;
  private boolean wrong;
  private int loop = ModbusProfile.NO_LOOP;

  ProfileReader(Settings profile) {
    this.profile = profile;
  }

  @Nullable ModbusProfile read() {
    // For people only: what the device is, and where the map comes from.
    profile.text("maker", "");
    profile.text("model", "");
    profile.text("source", "");
    ModbusProfile.type(profile);
    ModbusProfile.lane(profile);
    Limits limits =
        new Limits(
            (int) profile.integer("limit", 4, ModbusCodec.READ_REGISTERS_MAX, 125L),
            (int)
                profile.integer(
                    "bit_limit",
                    BIT_LIMIT_LEAST,
                    ModbusCodec.READ_COILS_MAX,
                    (long) ModbusCodec.READ_COILS_MAX),
            (int) profile.integer("gap_limit", 0, ModbusCodec.READ_REGISTERS_MAX, 0L));
    boolean many = profile.has("channels");
    int channels = many ? (int) profile.integer("channels", 2, CHANNELS_MOST, null) : 0;
    int step = many ? (int) profile.integer("channel_step", 1, 1024, 1L) : 0;
    List<MapPoint> points = points(limits);
    List<Setting> settings = settings(points);
    int last =
        Math.max(
            points.stream().mapToInt(point -> point.register() + point.words() - 1).max().orElse(0),
            settings.stream().mapToInt(Setting::last).max().orElse(0));
    if (many && last + (channels - 1) * step > LAST_REGISTER) {
      reject(
          profile,
          "channels",
          "register " + (last + (channels - 1) * step) + " of channel " + channels,
          "the last register is " + LAST_REGISTER);
    }
    return wrong ? null : new ModbusProfile(points, limits, settings, channels, step, loop);
  }

  private List<MapPoint> points(Limits limits) {
    List<MapPoint> points = new ArrayList<>();
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
      MapPoint point = point(table, name, limits);
      if (table.flag("loop", false)) {
        loop(table, point, points.size());
      }
      points.add(point);
    }
    return points;
  }

  private void loop(Settings table, MapPoint point, int index) {
    boolean isCurrent =
        point instanceof RegisterPoint && point.type().decimals() == LoopPoint.MICRO;
    if (!isCurrent || loop != ModbusProfile.NO_LOOP) {
      reject(
          table,
          "loop",
          "point '" + point.type().name() + "' as a loop",
          "one register of a profile, in A with decimals = 6");
    }
    loop = index;
  }

  private MapPoint point(Settings table, String name, Limits limits) {
    PointType type =
        new PointType(
            name,
            table.text("unit", ""),
            (int) table.integer("decimals", 0, 9, 0L),
            PointKind.of(word(table, "kind", PointKind.values(), "gauge")),
            table.text("meaning", ""));
    int function =
        switch (table.word("table", TABLES, "input")) {
          case "coil" -> ModbusCodec.READ_COILS;
          case "discrete" -> ModbusCodec.READ_DISCRETE_INPUTS;
          case "holding" -> ModbusCodec.READ_HOLDING;
          default -> ModbusCodec.READ_INPUT;
        };
    int register = (int) table.integer("register", 0, LAST_REGISTER, null);
    MapPoint point =
        ModbusCodec.isOfBits(function)
            ? bits(table, type, function, register, limits)
            : number(table, type, function, register);
    if (register + point.words() - 1 > LAST_REGISTER) {
      reject(
          table,
          "register",
          "register " + register + " and the " + (point.words() - 1) + " after it",
          "the last register is " + LAST_REGISTER);
    }
    return point;
  }

  private RegisterPoint number(Settings table, PointType type, int function, int register) {
    return new RegisterPoint(
        type,
        function,
        register,
        NumberType.valueOf(word(table, "as", NumberType.values(), "u16").toUpperCase(Locale.ROOT)),
        ByteOrder.valueOf(
            word(table, "order", ByteOrder.values(), "abcd").toUpperCase(Locale.ROOT)),
        (int) table.integer("exponent", -EXPONENT_MOST, EXPONENT_MOST, 0L),
        table.has("none") ? table.integer("none", 0, Long.MAX_VALUE, null) : RegisterPoint.NEVER);
  }

  private BitPoint bits(Settings table, PointType type, int function, int register, Limits limits) {
    int most = Math.min(BitPoint.BITS_MAX, limits.bits());
    int bits = (int) table.integer("bits", 1, most, 1L);
    int exponent = (int) table.integer("exponent", 0, EXPONENT_MOST, 0L);
    boolean inverted = table.flag("inverted", false);
    if (bits > 1 && (exponent != 0 || type.decimals() != 0)) {
      reject(
          table,
          "bits",
          bits + " bits with a scale",
          "several bits are a number without exponent and decimals");
    }
    long one = bits > 1 ? 1 : (long) Math.pow(10, exponent + (double) type.decimals());
    return new BitPoint(type, function, register, bits, one, inverted);
  }

  private List<Setting> settings(List<MapPoint> points) {
    List<Setting> settings = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Settings table : profile.tables("operation")) {
      String name = table.text("name", null);
      MapPoint point =
          points.stream()
              .filter(one -> name.equals(SET + one.type().name()))
              .findFirst()
              .orElse(null);
      int register = (int) table.integer("register", 0, LAST_REGISTER, null);
      int function = (int) table.integer("function", 5, 16, 6L);
      long most = table.integer("most", 0, 0xFFFF, 100L);
      if (point == null || point.type().decimals() != 0) {
        reject(
            table,
            "name",
            "operation '" + name + "'",
            "'set-X', where X is a point of the profile without decimals");
      } else if (!names.add(name)) {
        reject(table, "name", "operation '" + name + "' twice", "each has its own point");
      } else {
        Setting setting = setting(table, point, function, register, most);
        if (setting != null) {
          settings.add(setting);
        }
      }
    }
    return settings;
  }

  private @Nullable Setting setting(
      Settings table, MapPoint point, int function, int register, long most) {
    BitPoint bits = point instanceof BitPoint found ? found : null;
    boolean fits =
        switch (function) {
          case ModbusCodec.WRITE_COIL -> bits != null && bits.isCoils() && bits.bits() == 1;
          case ModbusCodec.WRITE_COILS -> bits != null && bits.isCoils();
          case ModbusCodec.WRITE_REGISTER, ModbusCodec.WRITE_REGISTERS -> bits == null;
          default -> false;
        };
    if (!fits) {
      reject(
          table,
          "function",
          "function " + function + " for point '" + point.type().name() + "'",
          "5 for a coil, 15 for several, 6 or 16 for a register");
      return null;
    }
    if (bits != null && bits.words() + register - 1 > LAST_REGISTER) {
      reject(table, "register", "coil " + register, "the last coil is " + LAST_REGISTER);
      return null;
    }
    return new Setting(point.type(), bits, function, register, most);
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
