package io.verge.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What differs between two configurations: what holds, not how it is written. */
public final class ConfigDiff {
  /**
   * One difference.
   *
   * @param path a key with the names of its tables, {@code bus[lamps].device[lamp-1].address}; of a
   *     table that only one side has, the table's.
   * @param before as in TOML, or null if the first one has no such table.
   * @param after the same of the second one.
   */
  public record Change(String path, @Nullable String before, @Nullable String after) {}

  /** Keys by which people call a table of an array. */
  private static final List<String> NAMES = List.of("name", "asset");

  private ConfigDiff() {}

  public static List<Change> between(List<Entry> before, List<Entry> after) {
    Map<String, Map<String, Entry>> old = tables(before);
    Map<String, Map<String, Entry>> fresh = tables(after);
    List<Change> changes = new ArrayList<>();
    old.forEach(
        (table, entries) -> {
          Map<String, Entry> others = fresh.get(table);
          if (others == null) {
            changes.add(new Change(table, given(entries), null));
          } else {
            compare(table, entries, others, changes);
          }
        });
    fresh.forEach(
        (table, entries) -> {
          if (!old.containsKey(table)) {
            changes.add(new Change(table, null, given(entries)));
          }
        });
    return changes;
  }

  private static void compare(
      String table, Map<String, Entry> before, Map<String, Entry> after, List<Change> changes) {
    Map<String, Entry> all = new LinkedHashMap<>(before);
    after.forEach(all::putIfAbsent);
    for (String key : all.keySet()) {
      String was = value(before.get(key));
      String is = value(after.get(key));
      if (!was.equals(is)) {
        changes.add(new Change(table + "." + key, was, is));
      }
    }
  }

  private static String value(@Nullable Entry entry) {
    return entry == null ? "" : entry.value();
  }

  private static String given(Map<String, Entry> entries) {
    List<String> given = new ArrayList<>();
    entries.forEach(
        (key, entry) -> {
          if (entry.isGiven()) {
            given.add(key + " = " + entry.value());
          }
        });
    return String.join(", ", given);
  }

  /** Entries by the path of their table, with the names of arrays in it. */
  private static Map<String, Map<String, Entry>> tables(List<Entry> entries) {
    Map<String, Map<String, Entry>> tables = new LinkedHashMap<>();
    Map<String, String> latest = new LinkedHashMap<>();
    for (int from = 0; from < entries.size(); ) {
      Entry first = entries.get(from);
      Map<String, Entry> keys = new LinkedHashMap<>();
      int to = from;
      while (to < entries.size() && isSame(first, entries.get(to))) {
        keys.put(entries.get(to).key(), entries.get(to));
        to++;
      }
      String label = label(first.table(), keys, latest);
      String path = label;
      for (int n = 2; tables.containsKey(path); n++) {
        path = label + "[" + n + "]";
      }
      latest.put(first.table(), path);
      tables.put(path, keys);
      from = to;
    }
    return tables;
  }

  private static boolean isSame(Entry one, Entry other) {
    return one.table().equals(other.table()) && one.tableLine() == other.tableLine();
  }

  private static String label(String table, Map<String, Entry> keys, Map<String, String> latest) {
    int dot = table.lastIndexOf('.');
    String parent = dot < 0 ? "" : latest.getOrDefault(table.substring(0, dot), "") + ".";
    String own = parent + table.substring(dot + 1);
    for (String name : NAMES) {
      Entry entry = keys.get(name);
      if (entry != null && !table.equals("site") && !entry.value().isEmpty()) {
        return own + "[" + entry.value().replace("\"", "") + "]";
      }
    }
    return own;
  }
}
