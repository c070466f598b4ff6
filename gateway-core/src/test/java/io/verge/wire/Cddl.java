package io.verge.wire;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * As much of CDDL (RFC 8610) as the protocol's page uses: arrays, maps, choices, occurrences,
 * ranges, {@code .size}, labels and {@code tstr =>} keys. Values are Long, String, byte[], Boolean,
 * {@link #NULL}, List and Map.
 */
final class Cddl {
  static final Object NULL = new Object();

  private static final Pattern TOKEN =
      Pattern.compile(
          ";[^\\n]*|\\s+|\\.\\.|\\.size|=>|\\d+\\*\\d*|-?\\d+|\"[^\"]*\"|[A-Za-z_][\\w]*|[\\[\\]{}(),:=/?*+]");

  private interface Type {
    boolean matches(Object value);
  }

  private record Entry(long least, long most, @Nullable String key, boolean anyKey, Type type) {}

  private final Map<String, Type> rules = new HashMap<>();
  private final List<String> tokens = new ArrayList<>();
  private int at;

  /**
   * @throws IllegalArgumentException if the text is beyond what is understood here.
   */
  Cddl(String text) {
    Matcher matcher = TOKEN.matcher(text);
    int end = 0;
    while (matcher.find()) {
      if (matcher.start() != end) {
        throw new IllegalArgumentException("CDDL: " + text.substring(end, matcher.start()));
      }
      end = matcher.end();
      if (!matcher.group().isBlank() && !matcher.group().startsWith(";")) {
        tokens.add(matcher.group());
      }
    }
    while (at < tokens.size()) {
      String name = next();
      expect("=");
      if (rules.put(name, type()) != null) {
        throw new IllegalArgumentException("CDDL: rule " + name + " stands twice");
      }
    }
    // A name is looked up when it is used: each must be there.
    for (String name : names) {
      if (!rules.containsKey(name)) {
        throw new IllegalArgumentException("CDDL: no rule " + name);
      }
    }
  }

  private final List<String> names = new ArrayList<>();

  boolean matches(String rule, Object value) {
    Type type = rules.get(rule);
    if (type == null) {
      throw new IllegalArgumentException("CDDL: no rule " + rule);
    }
    return type.matches(value);
  }

  private String peek(int ahead) {
    return at + ahead < tokens.size() ? tokens.get(at + ahead) : "";
  }

  private String next() {
    return tokens.get(at++);
  }

  private void expect(String token) {
    if (!next().equals(token)) {
      throw new IllegalArgumentException("CDDL: " + peek(-1) + " where " + token + " is expected");
    }
  }

  private boolean accept(String token) {
    boolean is = peek(0).equals(token);
    at += is ? 1 : 0;
    return is;
  }

  private Type type() {
    List<Type> choices = new ArrayList<>(List.of(single()));
    while (accept("/")) {
      choices.add(single());
    }
    return value -> choices.stream().anyMatch(choice -> choice.matches(value));
  }

  private Type single() {
    Type base = primary();
    if (!accept(".size")) {
      return base;
    }
    long[] range = range();
    return value -> base.matches(value) && size(value) >= range[0] && size(value) <= range[1];
  }

  private static long size(Object value) {
    return value instanceof byte[] bytes
        ? bytes.length
        : String.valueOf(value).getBytes(StandardCharsets.UTF_8).length;
  }

  private long[] range() {
    boolean isBracketed = accept("(");
    long first = Long.parseLong(next());
    long last = accept("..") ? Long.parseLong(next()) : first;
    if (isBracketed) {
      expect(")");
    }
    return new long[] {first, last};
  }

  private Type primary() {
    String token = peek(0);
    if (token.matches("-?\\d+")) {
      long[] range = range();
      return value -> value instanceof Long number && number >= range[0] && number <= range[1];
    }
    at++;
    return switch (token) {
      case "(" -> {
        Type inner = type();
        expect(")");
        yield inner;
      }
      case "[" -> array(entries("]"));
      case "{" -> map(entries("}"));
      case "int" -> value -> value instanceof Long;
      case "uint" -> value -> value instanceof Long number && number >= 0;
      case "tstr" -> value -> value instanceof String;
      case "bstr" -> value -> value instanceof byte[];
      case "bool" -> value -> value instanceof Boolean;
      case "null" -> value -> value == NULL;
      default -> {
        names.add(token);
        yield value -> matches(token, value);
      }
    };
  }

  private List<Entry> entries(String close) {
    List<Entry> entries = new ArrayList<>();
    while (!accept(close)) {
      long least = 1;
      long most = 1;
      if (accept("?")) {
        least = 0;
      } else if (accept("*")) {
        least = 0;
        most = Long.MAX_VALUE;
      } else if (accept("+")) {
        most = Long.MAX_VALUE;
      } else if (peek(0).matches("\\d+\\*\\d*")) {
        String[] bounds = next().split("\\*");
        least = Long.parseLong(bounds[0]);
        most = bounds.length > 1 ? Long.parseLong(bounds[1]) : Long.MAX_VALUE;
      }
      String key = peek(1).equals(":") ? next() : null;
      boolean anyKey = peek(1).equals("=>");
      if (anyKey) {
        expect("tstr");
      }
      at += key != null || anyKey ? 1 : 0;
      String bare = peek(0);
      Type type = type();
      // A bare name in a map is the shorthand of neither key nor group here: it names both.
      entries.add(new Entry(least, most, key == null ? bare : key, anyKey, type));
      accept(",");
    }
    return entries;
  }

  /** Greedy: an entry takes as many items as match. */
  private static Type array(List<Entry> entries) {
    return value -> {
      if (!(value instanceof List<?> items)) {
        return false;
      }
      int i = 0;
      for (Entry entry : entries) {
        long count = 0;
        while (i < items.size() && count < entry.most() && entry.type().matches(items.get(i))) {
          i++;
          count++;
        }
        if (count < entry.least()) {
          return false;
        }
      }
      return i == items.size();
    };
  }

  private static Type map(List<Entry> entries) {
    return value -> {
      if (!(value instanceof Map<?, ?> map)) {
        return false;
      }
      Map<Object, Object> left = new HashMap<>(map);
      for (Entry entry : entries) {
        if (!entry.anyKey()) {
          Object item = left.remove(entry.key());
          if (item == null ? entry.least() > 0 : !entry.type().matches(item)) {
            return false;
          }
        }
      }
      return left.values().stream()
          .allMatch(
              item ->
                  entries.stream().anyMatch(entry -> entry.anyKey() && entry.type().matches(item)));
    };
  }

  /** The value of a message, read without the product's reader. */
  static Object value(byte[] message) {
    byte[] cbor = Message.unwrap(message).orThrow();
    int[] at = {0};
    Object value = value(cbor, at);
    if (at[0] != cbor.length) {
      throw new IllegalArgumentException("bytes left over");
    }
    return value;
  }

  private static Object value(byte[] b, int[] at) {
    int first = b[at[0]++] & 0xFF;
    int low = first & 31;
    long n = low;
    if (low >= 24) {
      n = 0;
      for (int i = 0; i < 1 << (low - 24); i++) {
        n = n << 8 | b[at[0]++] & 0xFF;
      }
    }
    switch (first >> 5) {
      case 0:
        return n;
      case 1:
        return -1 - n;
      case 2, 3:
        byte[] bytes = java.util.Arrays.copyOfRange(b, at[0], at[0] += (int) n);
        return first >> 5 == 2 ? bytes : new String(bytes, StandardCharsets.UTF_8);
      case 4:
        List<Object> items = new ArrayList<>();
        for (long i = 0; i < n; i++) {
          items.add(value(b, at));
        }
        return items;
      case 5:
        Map<Object, Object> entries = new HashMap<>();
        for (long i = 0; i < n; i++) {
          Object key = value(b, at);
          entries.put(key, value(b, at));
        }
        return entries;
      default:
        return switch (first) {
          case 0xF4 -> false;
          case 0xF5 -> true;
          case 0xF6 -> NULL;
          default -> throw new IllegalArgumentException("0x" + Integer.toHexString(first));
        };
    }
  }
}
