package io.verge.config;

/**
 * One key a reading asked for: what holds, and where it comes from.
 *
 * @param table its table, for example {@code bus.device}; empty for the file as a whole.
 * @param tableLine where this table begins, which tells apart the tables of an array.
 * @param value as in TOML; empty if a required key is missing or an optional one has no default.
 * @param line where it is given, from 1 on; 0: it is not, the default holds.
 * @param expected kind and bounds, for people.
 * @param fallback the default as in TOML; empty if there is none.
 */
public record Entry(
    String table,
    int tableLine,
    String key,
    String value,
    int line,
    String expected,
    String fallback) {
  public boolean isGiven() {
    return line > 0;
  }

  /** Whether its table may stand several times. */
  public boolean isInArray() {
    return ConfigSchema.ARRAYS.contains(table);
  }

  public String path() {
    return table.isEmpty() ? key : table + "." + key;
  }
}
