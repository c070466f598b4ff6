package io.verge.config;

import io.verge.driver.Settings;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/** A TOML table read key by key; see {@link Settings}. */
final class TomlSettings implements Settings {
  /** Tables in one array: a site has fewer devices than this on a bus. */
  private static final int TABLES_MAX = 10_000;

  private final Problems problems;
  private final String file;
  private final TomlTable table;
  private final String where;
  private final int line;
  private final int column;
  private final Set<String> read = new TreeSet<>();
  private final List<TomlSettings> children = new ArrayList<>();
  private final Set<String> arrays = new HashSet<>();
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  TomlSettings(
      Problems problems, String file, TomlTable table, String where, int line, int column) {
    this.problems = problems;
    this.file = file;
    this.table = table;
    this.where = where;
    this.line = line;
    this.column = column;
  }

  /** The same table, read anew; its problems go elsewhere. */
  TomlSettings again(Problems others) {
    return new TomlSettings(others, file, table, where, line, column);
  }

  @Override
  public boolean has(String key) {
    read.add(key);
    if (!entries.containsKey(key)) {
      note(key, "optional", null);
    }
    return table.contains(List.of(key));
  }

  private @Nullable Object value(String key) {
    read.add(key);
    return table.get(List.of(key));
  }

  @Override
  public String text(String key, @Nullable String fallback) {
    note(key, "text", fallback == null ? null : quoted(fallback));
    Object found = value(key);
    if (found instanceof String text) {
      return text;
    }
    if (found != null) {
      reject(key, "found " + shown(found), "expected text in quotes");
    } else if (fallback == null) {
      missing(key);
    }
    return fallback == null ? "" : fallback;
  }

  @Override
  public String word(String key, List<String> words, @Nullable String fallback) {
    boolean given = has(key);
    String found = text(key, fallback);
    note(key, String.join(" or ", words), fallback == null ? null : quoted(fallback));
    if (given && !words.contains(found) && value(key) instanceof String) {
      reject(key, "found \"" + found + "\"", Nearest.hint(found, words));
      return fallback == null ? words.get(0) : fallback;
    }
    return found.isEmpty() && fallback == null ? words.get(0) : found;
  }

  @Override
  public long integer(String key, long least, long most, @Nullable Long fallback) {
    note(key, "whole number, " + least + ".." + most, fallback == null ? null : "" + fallback);
    Object found = value(key);
    if (found instanceof Long number && number >= least && number <= most) {
      return number;
    }
    if (found != null) {
      reject(key, "found " + shown(found), "expected a whole number, " + least + ".." + most);
    } else if (fallback == null) {
      missing(key);
    }
    return fallback == null ? least : fallback;
  }

  @Override
  public BigDecimal decimal(
      String key, BigDecimal least, BigDecimal most, @Nullable BigDecimal fallback) {
    note(
        key,
        "number, " + least.toPlainString() + ".." + most.toPlainString(),
        fallback == null ? null : fallback.toPlainString());
    Object found = value(key);
    BigDecimal number = null;
    if (found instanceof Long whole) {
      number = BigDecimal.valueOf(whole);
    } else if (found instanceof Double real && Double.isFinite(real)) {
      number = BigDecimal.valueOf(real);
    } else if (found instanceof String text && text.matches("-?[0-9]{1,15}(\\.[0-9]{1,15})?")) {
      number = new BigDecimal(text);
    }
    if (number != null && number.compareTo(least) >= 0 && number.compareTo(most) <= 0) {
      return number;
    }
    if (found != null) {
      reject(key, "found " + shown(found), "expected a number, " + least + ".." + most);
    } else if (fallback == null) {
      missing(key);
    }
    return fallback == null ? least : fallback;
  }

  @Override
  public boolean flag(String key, boolean fallback) {
    note(key, "true or false", "" + fallback);
    Object found = value(key);
    if (found instanceof Boolean flag) {
      return flag;
    }
    if (found != null) {
      reject(key, "found " + shown(found), "expected true or false");
    }
    return fallback;
  }

  @Override
  public long millis(String key, long least, long most, @Nullable Long fallback) {
    note(
        key,
        "duration, " + Units.shownMillis(least) + ".." + Units.shownMillis(most),
        fallback == null ? null : quoted(Units.shownMillis(fallback)));
    return unit(
        key,
        least,
        most,
        fallback,
        Units::millis,
        Units::shownMillis,
        "a duration with its unit, for example \"60s\"");
  }

  long bytes(String key, long least, long most, @Nullable Long fallback) {
    note(
        key,
        "size, " + Units.shownBytes(least) + ".." + Units.shownBytes(most),
        fallback == null ? null : quoted(Units.shownBytes(fallback)));
    return unit(
        key,
        least,
        most,
        fallback,
        Units::bytes,
        Units::shownBytes,
        "a size with its unit, for example \"64MiB\"");
  }

  private long unit(
      String key,
      long least,
      long most,
      @Nullable Long fallback,
      Function<String, OptionalLong> parse,
      LongFunction<String> show,
      String expected) {
    Object found = value(key);
    if (found == null) {
      if (fallback == null) {
        missing(key);
      }
      return fallback == null ? least : fallback;
    }
    OptionalLong value = found instanceof String text ? parse.apply(text) : OptionalLong.empty();
    if (value.isEmpty()) {
      reject(key, "found " + shown(found), "expected " + expected);
    } else if (value.getAsLong() < least || value.getAsLong() > most) {
      reject(
          key,
          "found " + shown(found),
          "expected " + show.apply(least) + " to " + show.apply(most));
    } else {
      return value.getAsLong();
    }
    return fallback == null ? least : fallback;
  }

  /** A level with its unit, {@code "60%"}, as a number of per cent. */
  int percent(String key, @Nullable Long fallback) {
    note(key, "level, 0%..100%", fallback == null ? null : quoted(fallback + "%"));
    return (int)
        unit(
            key,
            0,
            100,
            fallback,
            Units::percent,
            value -> value + "%",
            "a level with its unit, for example \"60%\"");
  }

  /** A time by clock or sun, as text; whether it is one is the caller's to judge. */
  String time(String key, @Nullable String fallback) {
    String text = text(key, fallback);
    note(key, "time by clock or sun", fallback == null ? null : quoted(fallback));
    return text;
  }

  /** Texts in an array; reported as missing if absent and {@code fallback} is null. */
  List<String> texts(String key, String expected, @Nullable List<String> fallback) {
    note(key, expected, fallback == null ? null : quoted(fallback));
    Object found = value(key);
    List<String> texts = new ArrayList<>();
    if (found instanceof TomlArray array && array.size() > 0 && array.size() <= TABLES_MAX) {
      for (int i = 0; i < array.size(); i++) {
        if (array.get(i) instanceof String text) {
          texts.add(text);
        } else {
          reject(key, "found " + shown(array.get(i)) + " in it", "expected " + expected);
        }
      }
      return texts;
    }
    if (found != null) {
      reject(
          key,
          found instanceof TomlArray ? "is empty" : "found " + shown(found),
          "expected " + expected);
    } else if (fallback == null) {
      missing(key);
    }
    return fallback == null ? texts : fallback;
  }

  boolean isGiven(String key) {
    return table.contains(List.of(key));
  }

  boolean isText(String key) {
    return table.get(List.of(key)) instanceof String;
  }

  @Override
  public List<Settings> tables(String key) {
    return List.copyOf(tomlTables(key));
  }

  List<TomlSettings> tomlTables(String key) {
    Object found = value(key);
    List<TomlSettings> tables = new ArrayList<>();
    if (found instanceof TomlArray array && array.size() <= TABLES_MAX) {
      boolean first = arrays.add(key);
      for (int i = 0; i < array.size(); i++) {
        if (array.get(i) instanceof TomlTable one) {
          TomlPosition at = array.inputPositionOf(i);
          tables.add(new TomlSettings(problems, file, one, path(key), at.line(), at.column()));
        } else {
          reject(key, "found " + shown(array.get(i)), "expected [[" + path(key) + "]]");
        }
      }
      if (first) {
        children.addAll(tables);
      }
    } else if (found != null) {
      reject(key, "found " + shown(found), "expected [[" + path(key) + "]]");
    }
    return tables;
  }

  /** A single table; an empty one at the same place if it is absent. */
  TomlSettings table(String key, TomlTable empty) {
    Object found = value(key);
    TomlTable inner = empty;
    TomlPosition at = table.inputPositionOf(List.of(key));
    if (found instanceof TomlTable given) {
      inner = given;
    } else if (found != null) {
      reject(key, "found " + shown(found), "expected [" + path(key) + "]");
    }
    TomlSettings child =
        new TomlSettings(
            problems,
            file,
            inner,
            path(key),
            at == null ? line : at.line(),
            at == null ? column : at.column());
    children.add(child);
    return child;
  }

  @Override
  public void reject(String key, String message, String hint) {
    TomlPosition at = table.inputPositionOf(List.of(key));
    problems.add(
        new Problem(
            file,
            at == null ? line : at.line(),
            at == null ? column : at.column(),
            path(key),
            message,
            hint));
  }

  /** What reading this table asked for, in that order, then the tables below. */
  List<Entry> entries() {
    List<Entry> all = new ArrayList<>(entries.values());
    children.forEach(child -> all.addAll(child.entries()));
    return all;
  }

  private void note(String key, String expected, @Nullable String fallback) {
    Object found = table.get(List.of(key));
    TomlPosition at = table.inputPositionOf(List.of(key));
    String value =
        found == null
            ? fallback
            : found instanceof TomlArray array
                ? quoted(array.toList())
                : found instanceof String ? quoted(found) : "" + found;
    entries.put(
        key,
        new Entry(
            where,
            line,
            key,
            value == null ? "" : value,
            at == null ? 0 : at.line(),
            expected,
            fallback == null ? "" : fallback));
  }

  private static String quoted(Object text) {
    return "\"" + Toml.tomlEscape(String.valueOf(text)) + "\"";
  }

  private static String quoted(List<?> texts) {
    return texts.stream().map(TomlSettings::quoted).collect(Collectors.joining(", ", "[", "]"));
  }

  private void missing(String key) {
    problems.add(new Problem(file, line, column, path(key), "missing", "it is required here"));
  }

  private String path(String key) {
    return where.isEmpty() ? key : where + "." + key;
  }

  /** Nobody can say which keys belong here: what reads them is unknown. */
  void skipUnknown() {
    read.addAll(table.keySet());
  }

  /** Reports every key nobody asked for, here and in the tables below. */
  void finish() {
    for (String key : table.keySet()) {
      if (!read.contains(key)) {
        reject(key, "unknown key", Nearest.hint(key, read));
      }
    }
    children.forEach(TomlSettings::finish);
  }

  private static String shown(@Nullable Object found) {
    if (found instanceof String text) {
      return "\"" + text.replaceAll("\\p{Cntrl}", "?") + "\"";
    }
    if (found instanceof TomlTable) {
      return "a table";
    }
    return found instanceof TomlArray ? "an array" : String.valueOf(found);
  }
}
