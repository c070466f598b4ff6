package io.verge.config;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A JSON Schema (draft-07) of the configuration, for editors that complete and underline TOML. Made
 * from what the reader asks for, so that it can't know other keys than the reader.
 */
final class ConfigSchema {
  private static final Pattern RANGE =
      Pattern.compile("(whole number|number), (-?[0-9.]+)\\.\\.(-?[0-9.]+)");
  private static final Pattern WORDS = Pattern.compile("[a-z0-9-]+( or [a-z0-9-]+)+");
  private static final Map<String, String> UNITS =
      Map.of(
          "duration", "^[0-9]{1,12}(ms|s|m|h|d)$",
          "size", "^[0-9]{1,12}(B|kB|MB|GB|KiB|MiB|GiB)$",
          "level", "^[0-9]{1,3} ?%$");

  /** Tables that may stand several times. */
  static final Set<String> ARRAYS =
      Set.of(
          "uplink",
          "bus",
          "bus.device",
          "bus.device.curve",
          "plan",
          "plan.step",
          "plan.exception",
          "rule");

  /** A table: its keys, and those that each reading of it asked for without a default. */
  private static final class Table {
    private final Map<String, Set<Entry>> keys = new LinkedHashMap<>();
    private final Set<String> required = new LinkedHashSet<>();
    private boolean seen;
  }

  private final Map<String, Table> tables = new LinkedHashMap<>();

  /**
   * @param entries of one reading or of several.
   */
  void add(List<Entry> entries) {
    for (int from = 0; from < entries.size(); ) {
      Entry first = entries.get(from);
      Set<String> required = new LinkedHashSet<>();
      Table table = tables.computeIfAbsent(first.table(), unused -> new Table());
      int to = from;
      while (to < entries.size()
          && entries.get(to).table().equals(first.table())
          && entries.get(to).tableLine() == first.tableLine()) {
        Entry entry = entries.get(to);
        table.keys.computeIfAbsent(entry.key(), unused -> new LinkedHashSet<>()).add(entry);
        if (entry.fallback().isEmpty() && !entry.expected().equals("optional")) {
          required.add(entry.key());
        }
        to++;
      }
      if (table.seen) {
        table.required.retainAll(required);
      } else {
        table.required.addAll(required);
        table.seen = true;
      }
      from = to;
    }
  }

  JsonObject json() {
    JsonObject root = object("");
    JsonObject schema = new JsonObject();
    schema.addProperty("$schema", "http://json-schema.org/draft-07/schema#");
    schema.addProperty("title", "Verge site configuration");
    root.entrySet().forEach(entry -> schema.add(entry.getKey(), entry.getValue()));
    return schema;
  }

  private JsonObject object(String path) {
    JsonObject properties = new JsonObject();
    JsonArray required = new JsonArray();
    Table table = tables.get(path);
    if (table != null) {
      table.keys.forEach((key, entries) -> properties.add(key, property(List.copyOf(entries))));
      table.required.forEach(required::add);
    }
    for (String below : tables.keySet()) {
      int dot = below.lastIndexOf('.');
      if (!below.isEmpty() && (dot < 0 ? "" : below.substring(0, dot)).equals(path)) {
        JsonObject inner = object(below);
        String name = below.substring(dot + 1);
        JsonObject value = inner;
        if (ARRAYS.contains(below)) {
          value = new JsonObject();
          value.addProperty("type", "array");
          value.add("items", inner);
        }
        // What is a table for one driver may be a word for another one.
        JsonObject word = properties.getAsJsonObject(name);
        properties.add(name, word == null ? value : any(List.of(word, value)));
      }
    }
    JsonObject object = new JsonObject();
    object.addProperty("type", "object");
    object.addProperty("additionalProperties", false);
    if (!required.isEmpty()) {
      object.add("required", required);
    }
    object.add("properties", properties);
    return object;
  }

  private static JsonObject property(List<Entry> entries) {
    List<JsonObject> kinds = new ArrayList<>();
    for (Entry entry : entries) {
      JsonObject kind = kind(entry);
      if (!kinds.contains(kind)) {
        kinds.add(kind);
      }
    }
    // Whoever asks only whether it is there says nothing about its kind.
    if (kinds.stream().anyMatch(kind -> kind.size() > 1)) {
      kinds.removeIf(kind -> kind.size() == 1);
    }
    return kinds.size() == 1 ? kinds.get(0) : any(kinds);
  }

  private static JsonObject any(List<JsonObject> kinds) {
    JsonObject any = new JsonObject();
    JsonArray choices = new JsonArray();
    kinds.forEach(choices::add);
    any.add("anyOf", choices);
    return any;
  }

  private static JsonObject kind(Entry entry) {
    JsonObject kind = new JsonObject();
    String expected = entry.expected();
    kind.addProperty(
        "description",
        expected + (entry.fallback().isEmpty() ? "" : "; default " + entry.fallback()));
    Matcher range = RANGE.matcher(expected);
    String unit = UNITS.get(expected.split(",", -1)[0]);
    if (range.matches()) {
      boolean whole = range.group(1).startsWith("whole");
      if (whole) {
        kind.addProperty("type", "integer");
        kind.addProperty("minimum", Long.parseLong(range.group(2)));
        kind.addProperty("maximum", Long.parseLong(range.group(3)));
      } else {
        kind.add("type", types("number", "string"));
      }
    } else if (unit != null) {
      kind.addProperty("type", "string");
      kind.addProperty("pattern", unit);
    } else if (expected.equals("true or false")) {
      kind.addProperty("type", "boolean");
    } else if (expected.startsWith("array")) {
      kind.addProperty("type", "array");
      JsonObject text = new JsonObject();
      text.addProperty("type", "string");
      kind.add("items", text);
    } else if (WORDS.matcher(expected).matches()) {
      JsonArray words = new JsonArray();
      for (String word : expected.split(" or ", -1)) {
        words.add(new JsonPrimitive(word));
      }
      kind.add("enum", words);
    } else if (!expected.equals("optional")) {
      kind.addProperty("type", "string");
    }
    return kind;
  }

  private static JsonArray types(String... names) {
    JsonArray types = new JsonArray();
    for (String name : names) {
      types.add(name);
    }
    return types;
  }
}
