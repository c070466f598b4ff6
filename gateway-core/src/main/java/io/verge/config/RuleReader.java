package io.verge.config;

import io.verge.autonomy.Diagnosis;
import io.verge.autonomy.Rule;
import io.verge.model.Severity;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Reads every {@code [[rule]]}. */
final class RuleReader {
  static final List<String> KINDS =
      List.of(
          "lamp-failed",
          "day-burner",
          "container-full",
          "container-emptied",
          "leak",
          "no-data",
          "threshold",
          "stuck");
  private static final long MINUTE = 60_000;
  private static final long HOUR = 60 * MINUTE;
  private static final long DAY = 24 * HOUR;
  private static final BigDecimal FAR = BigDecimal.valueOf(1_000_000_000);

  private final Map<String, List<String>> points;
  private final boolean hasCoordinates;

  /**
   * @param points of each asset, in the order of the file.
   */
  RuleReader(Map<String, List<String>> points, boolean hasCoordinates) {
    this.points = points;
    this.hasCoordinates = hasCoordinates;
  }

  List<Rule> rules(List<TomlSettings> tables) {
    List<Rule> rules = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (TomlSettings table : tables) {
      String kind = table.word("kind", KINDS, null);
      String name = table.text("name", kind);
      if (!name.isEmpty() && !names.add(name)) {
        table.reject(
            table.isGiven("name") ? "name" : "kind",
            "rule \"" + name + "\" is there twice",
            "give each a name of its own");
      }
      Diagnosis diagnosis = diagnosis(table, kind);
      rules.add(
          new Rule(
              name,
              diagnosis,
              assets(table, diagnosis.points()),
              table.millis("dwell", 0, DAY, dwell(kind)),
              severity(table)));
    }
    return rules;
  }

  private static long dwell(String kind) {
    return switch (kind) {
      case "lamp-failed" -> 3 * MINUTE;
      case "day-burner" -> 30 * MINUTE;
      case "container-full", "threshold" -> 10 * MINUTE;
      default -> 0;
    };
  }

  private static Severity severity(TomlSettings table) {
    List<String> words = List.of("error", "warning", "notice", "info");
    return Severity.valueOf(table.word("severity", words, "warning").toUpperCase(Locale.ROOT));
  }

  private Diagnosis diagnosis(TomlSettings table, String kind) {
    return switch (kind) {
      case "lamp-failed" -> new Diagnosis.LampFailed(decimal(table, "watts", 5L));
      case "day-burner" -> dayBurner(table);
      case "container-full" -> full(table);
      case "container-emptied" -> new Diagnosis.Emptied((int) table.integer("drop", 1, 100, 30L));
      case "leak" -> leak(table);
      case "no-data" -> new Diagnosis.NoData(table.millis("after", MINUTE, 7 * DAY, HOUR));
      case "stuck" ->
          new Diagnosis.Stuck(
              table.text("point", null), table.millis("after", MINUTE, 60 * DAY, DAY));
      default -> threshold(table);
    };
  }

  private static double decimal(TomlSettings table, String key, long fallback) {
    return table
        .decimal(key, BigDecimal.ZERO, BigDecimal.valueOf(1_000), BigDecimal.valueOf(fallback))
        .doubleValue();
  }

  private Diagnosis dayBurner(TomlSettings table) {
    if (!hasCoordinates) {
      table.reject(
          "kind",
          "\"day-burner\" goes by the sun, and [site] does not say where it is",
          "give site.latitude and site.longitude in degrees");
    }
    return new Diagnosis.DayBurner(decimal(table, "watts", 5L), decimal(table, "sun", 6L));
  }

  private static Diagnosis full(TomlSettings table) {
    int above = table.percent("full", 85L);
    int clear = table.percent("clear", 70L);
    if (clear > above) {
      table.reject("clear", "is above full", "a container is full no more when it is emptier");
    }
    return new Diagnosis.Threshold("container-full", "fill", true, above, clear);
  }

  private static Diagnosis leak(TomlSettings table) {
    int from = (int) table.integer("from", 0, 22, 1L);
    int until = (int) table.integer("until", 1, 23, 5L);
    if (until <= from) {
      table.reject("until", "is not after from", "both are hours of the site's morning");
    }
    long quiet = table.millis("quiet", 5 * MINUTE, 6 * HOUR, HOUR);
    if (until > from && quiet > (until - from) * HOUR) {
      table.reject("quiet", "is longer than the hours it must lie in", "lengthen from..until");
    }
    return new Diagnosis.Leak(table.text("point", "volume"), from, until, quiet);
  }

  private static Diagnosis threshold(TomlSettings table) {
    String point = table.text("point", null);
    boolean isAbove = table.has("above");
    boolean isBelow = table.has("below");
    if (isAbove == isBelow) {
      table.reject(
          isAbove ? "below" : "kind", "needs either above or below", "for example above = 80");
    }
    String key = isAbove ? "above" : "below";
    BigDecimal raise =
        isAbove || isBelow ? table.decimal(key, FAR.negate(), FAR, null) : BigDecimal.ZERO;
    BigDecimal clear = table.has("clear") ? table.decimal("clear", FAR.negate(), FAR, null) : raise;
    int order = clear.compareTo(raise);
    if (isAbove ? order > 0 : order < 0) {
      table.reject("clear", "is on the wrong side of " + key, "it is where all is well again");
    }
    return new Diagnosis.Threshold(
        "threshold", point, isAbove, raise.doubleValue(), clear.doubleValue());
  }

  private List<String> assets(TomlSettings table, List<String> needed) {
    List<String> found = new ArrayList<>();
    for (String pattern : table.texts("assets", "array of assets, * and ? allowed", null)) {
      boolean isKnown = false;
      boolean fits = false;
      for (Map.Entry<String, List<String>> asset : points.entrySet()) {
        if (Glob.matches(pattern, asset.getKey())) {
          isKnown = true;
          if (asset.getValue().containsAll(needed)) {
            fits = true;
            if (!found.contains(asset.getKey())) {
              found.add(asset.getKey());
            }
          }
        }
      }
      if (!fits) {
        table.reject(
            "assets",
            isKnown
                ? "\"" + pattern + "\" has no " + String.join(" and ", needed)
                : "nothing is called \"" + pattern + "\"",
            isKnown ? "verge points lists what it has" : Nearest.hint(pattern, points.keySet()));
      }
    }
    return found;
  }
}
