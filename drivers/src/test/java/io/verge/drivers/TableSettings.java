package io.verge.drivers;

import io.verge.driver.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlTable;

/** Settings over a TOML text, strict as the configuration is; problems end up in one list. */
public final class TableSettings implements Settings {
  private final TomlTable table;
  private final List<String> problems;
  private final Set<String> asked = new HashSet<>();
  private final List<TableSettings> children = new ArrayList<>();

  private TableSettings(TomlTable table, List<String> problems) {
    this.table = table;
    this.problems = problems;
  }

  public static TableSettings of(String toml) {
    return new TableSettings(Toml.parse(toml), new ArrayList<>());
  }

  public static TableSettings profile(String name) {
    try (var in = TableSettings.class.getResourceAsStream("/profiles/" + name + ".toml")) {
      return of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All that was reported, keys nobody asked for included. */
  public List<String> problems() {
    List<String> all = new ArrayList<>(problems);
    unknown(all);
    return all;
  }

  private void unknown(List<String> into) {
    table.keySet().stream()
        .filter(key -> !asked.contains(key))
        .forEach(k -> into.add("unknown " + k));
    children.forEach(child -> child.unknown(into));
  }

  private @Nullable Object find(String key) {
    asked.add(key);
    return table.get(key);
  }

  @Override
  public boolean has(String key) {
    return table.contains(key);
  }

  @Override
  public String text(String key, @Nullable String fallback) {
    return find(key) instanceof String text ? text : or(key, fallback, "");
  }

  @Override
  public String word(String key, List<String> words, @Nullable String fallback) {
    Object found = find(key);
    if (found instanceof String word && words.contains(word)) {
      return word;
    }
    if (found != null) {
      problems.add(key + ": " + found + " is not one of " + words);
      return fallback == null ? "" : fallback;
    }
    return or(key, fallback, "");
  }

  @Override
  public long integer(String key, long least, long most, @Nullable Long fallback) {
    Object found = find(key);
    if (found instanceof Long number) {
      if (number >= least && number <= most) {
        return number;
      }
      problems.add(key + ": " + number + " is not within " + least + ".." + most);
      return fallback == null ? least : fallback;
    }
    return or(key, fallback, least);
  }

  @Override
  public BigDecimal decimal(
      String key, BigDecimal least, BigDecimal most, @Nullable BigDecimal fallback) {
    Object found = find(key);
    if (found == null) {
      return or(key, fallback, least);
    }
    BigDecimal number = new BigDecimal(String.valueOf(found));
    if (number.compareTo(least) < 0 || number.compareTo(most) > 0) {
      problems.add(key + ": " + number + " is not within " + least + ".." + most);
    }
    return number;
  }

  @Override
  public boolean flag(String key, boolean fallback) {
    return find(key) instanceof Boolean flag ? flag : fallback;
  }

  @Override
  public long millis(String key, long least, long most, @Nullable Long fallback) {
    Object found = find(key);
    if (!(found instanceof String text)) {
      return or(key, fallback, least);
    }
    long number = Long.parseLong(text.replaceAll("[a-z]+", ""));
    return text.endsWith("ms") ? number : number * 1000;
  }

  @Override
  public List<Settings> tables(String key) {
    if (!(find(key) instanceof TomlArray array)) {
      return List.of();
    }
    List<TableSettings> tables =
        IntStream.range(0, array.size())
            .mapToObj(i -> new TableSettings(array.getTable(i), problems))
            .toList();
    children.addAll(tables);
    return List.copyOf(tables);
  }

  @Override
  public void reject(String key, String message, String hint) {
    problems.add(key + ": " + message);
  }

  private <T> T or(String key, @Nullable T fallback, T none) {
    if (fallback == null) {
      problems.add(key + ": missing");
      return none;
    }
    return fallback;
  }
}
