package io.verge.config;

import io.verge.autonomy.Dates;
import io.verge.autonomy.Moment;
import io.verge.autonomy.Place;
import io.verge.autonomy.PlanGroup;
import io.verge.bytes.Decoded;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneRulesProvider;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads where the site is, and the lamp plan: {@code [site]} and every {@code [[plan]]}. */
final class PlanReader {
  private static final String SET_LEVEL = "set-level";
  private static final List<String> DAYS = List.of("mon", "tue", "wed", "thu", "fri", "sat", "sun");
  private static final long MINUTE = 60_000;
  private static final long HOUR = 60 * MINUTE;

  private final Map<String, List<String>> operations;
  private final Map<String, String> taken = new HashMap<>();

  /**
   * @param operations what each asset takes, in the order of the file.
   */
  PlanReader(Map<String, List<String>> operations) {
    this.operations = operations;
  }

  /** The keys of {@code [site]} that say where and when it is; null without coordinates. */
  static @Nullable Place place(TomlSettings site) {
    boolean hasLatitude = site.has("latitude");
    boolean hasLongitude = site.has("longitude");
    if (!hasLatitude && !hasLongitude) {
      return null;
    }
    double latitude = degrees(site, "latitude", 90);
    double longitude = degrees(site, "longitude", 180);
    return new Place(latitude, longitude, zone(site));
  }

  private static double degrees(TomlSettings site, String key, long most) {
    return site.decimal(key, BigDecimal.valueOf(-most), BigDecimal.valueOf(most), null)
        .doubleValue();
  }

  static ZoneId zone(TomlSettings site) {
    String name = site.text("zone", "UTC");
    try {
      return ZoneId.of(name);
    } catch (DateTimeException e) {
      String hint = Nearest.hint(name, ZoneRulesProvider.getAvailableZoneIds());
      site.reject(
          "zone",
          "found \"" + name + "\"",
          hint.isEmpty() ? "expected a zone such as \"Europe/Berlin\"" : hint);
      return ZoneOffset.UTC;
    }
  }

  List<PlanGroup> groups(List<TomlSettings> tables, boolean hasCoordinates) {
    List<PlanGroup> groups = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (TomlSettings table : tables) {
      String name = table.text("name", null);
      if (!name.isEmpty() && !names.add(name)) {
        table.reject("name", "\"" + name + "\" is used twice", "give each its own");
      }
      PlanGroup group = group(table, name);
      if (group.isBySun() && !hasCoordinates) {
        table.reject(
            "name",
            "goes by the sun, and [site] does not say where it is",
            "give site.latitude and site.longitude in degrees");
      }
      groups.add(group);
    }
    return groups;
  }

  private PlanGroup group(TomlSettings table, String name) {
    List<String> lamps = lamps(table, name);
    Moment on = moment(table, "on", "sunset");
    Moment off = moment(table, "off", "sunrise");
    int level = table.percent("level", 100L);
    long ramp = table.millis("ramp", 0, HOUR, 0L);
    long stagger = table.millis("stagger", 0, MINUTE, 250L);
    int safe = table.percent("safe_level", 100L);
    long override = table.millis("override", MINUTE, 7 * 24 * HOUR, 8 * HOUR);
    neverOn(table, on, off);
    List<PlanGroup.Step> steps = new ArrayList<>();
    for (TomlSettings step : table.tomlTables("step")) {
      steps.add(
          new PlanGroup.Step(moment(step, "at", null), step.percent("level", null), days(step)));
    }
    List<PlanGroup.Special> exceptions = new ArrayList<>();
    for (TomlSettings special : table.tomlTables("exception")) {
      exceptions.add(exception(special, on, off));
    }
    return new PlanGroup(
        name, lamps, on, off, level, steps, exceptions, ramp, stagger, safe, override);
  }

  private static PlanGroup.Special exception(TomlSettings table, Moment on, Moment off) {
    List<Dates> dates = new ArrayList<>();
    for (String text : table.texts("dates", "array of dates", null)) {
      if (Dates.parse(text) instanceof Decoded.Valid<Dates> valid) {
        dates.add(valid.value());
      } else if (Dates.parse(text) instanceof Decoded.Invalid<Dates> invalid) {
        table.reject("dates", invalid.reason(), "expected " + Dates.EXPECTED);
      }
    }
    Moment begins = table.has("on") ? moment(table, "on", null) : null;
    Moment ends = table.has("off") ? moment(table, "off", null) : null;
    neverOn(table, begins == null ? on : begins, ends == null ? off : ends);
    return new PlanGroup.Special(dates, begins, ends, table.percent("level", null));
  }

  /** A night runs from noon to noon. */
  private static void neverOn(TomlSettings table, Moment on, Moment off) {
    if (!on.isBySun() && !off.isBySun()) {
      int half = 12 * 60;
      int day = 24 * 60;
      int begin = Math.floorMod(on.minutes() - half, day);
      int end = Math.floorMod(off.minutes() - half, day);
      if (begin >= (end == 0 ? day : end)) {
        table.reject(
            table.isGiven("off") ? "off" : "on",
            "the light goes off at " + off + " and on at " + on + ": never on in a night",
            "a night runs from noon to noon; light by day is made of steps");
      }
    }
  }

  private static Moment moment(TomlSettings table, String key, @Nullable String fallback) {
    String text = table.time(key, fallback);
    Decoded<Moment> parsed = Moment.parse(text);
    if (parsed instanceof Decoded.Invalid<Moment> invalid) {
      if (table.isText(key)) {
        table.reject(key, invalid.reason(), "expected " + Moment.EXPECTED);
      }
      return new Moment(Moment.Base.SUNSET, 0);
    }
    return parsed.orThrow();
  }

  private static Set<DayOfWeek> days(TomlSettings table) {
    EnumSet<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
    for (String day : table.texts("days", "array of " + String.join(" ", DAYS), DAYS)) {
      int index = DAYS.indexOf(day.toLowerCase(Locale.ROOT));
      if (index < 0) {
        table.reject("days", "found \"" + day + "\"", Nearest.hint(day, DAYS));
      } else {
        days.add(DayOfWeek.of(index + 1));
      }
    }
    return days;
  }

  private List<String> lamps(TomlSettings table, String name) {
    List<String> lamps = new ArrayList<>();
    for (String pattern : table.texts("lamps", "array of assets, * and ? allowed", null)) {
      boolean found = false;
      for (Map.Entry<String, List<String>> asset : operations.entrySet()) {
        if (!Glob.matches(pattern, asset.getKey())) {
          continue;
        }
        boolean takes = asset.getValue().contains(SET_LEVEL);
        if (takes && !lamps.contains(asset.getKey())) {
          lamps.add(asset.getKey());
          String other = taken.putIfAbsent(asset.getKey(), name);
          if (other != null) {
            table.reject(
                "lamps",
                asset.getKey() + " is in plan \"" + other + "\" already",
                "a lamp follows one plan");
          }
        }
        found |= takes;
      }
      if (!found) {
        boolean isOther = operations.containsKey(pattern);
        table.reject(
            "lamps",
            isOther ? pattern + " is no lamp" : "no lamp is called \"" + pattern + "\"",
            isOther
                ? "its driver takes no " + SET_LEVEL
                : Nearest.hint(pattern, operations.keySet()));
      }
    }
    return lamps;
  }
}
