package io.verge.config;

import java.util.Set;

/** Names that people give, and what may not be given twice. */
final class Ids {
  static final String ID = "[a-z0-9][a-z0-9._-]{0,39}";
  static final String HINT = "expected 1 to 40 of a-z 0-9 . _ - beginning with a letter or digit";

  private Ids() {}

  static String id(TomlSettings table, String key) {
    String id = table.text(key, null);
    if (table.has(key) && !id.matches(ID)) {
      table.reject(key, "found \"" + id + "\"", HINT);
    }
    return id;
  }

  static void unique(TomlSettings table, Set<String> seen, String key, String value) {
    if (!value.isEmpty() && !seen.add(value)) {
      table.reject(key, "\"" + value + "\" is used twice", "give each its own");
    }
  }
}
