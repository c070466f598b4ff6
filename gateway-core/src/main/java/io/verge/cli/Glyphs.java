package io.verge.cli;

import java.util.List;
import java.util.Locale;

/**
 * The characters pictures are made of, and their colours.
 *
 * @param sparks from least to most.
 */
record Glyphs(
    String lit,
    String dim,
    String dark,
    String lost,
    String full,
    String hollow,
    String sparks,
    boolean colour) {
  private static final String RESET = "\u001b[0m";

  /** By the locale: a serial console may have nothing but ASCII. */
  static Glyphs of(boolean colour) {
    String locale = "";
    for (String name : List.of("LC_ALL", "LC_CTYPE", "LANG")) {
      String value = System.getenv(name);
      if (locale.isEmpty() && value != null) {
        locale = value.toLowerCase(Locale.ROOT);
      }
    }
    return of(colour, locale.contains("utf-8") || locale.contains("utf8"));
  }

  static Glyphs of(boolean colour, boolean unicode) {
    return unicode
        ? new Glyphs("●", "○", "·", "x", "█", "░", "▁▂▃▄▅▆▇█", colour)
        : new Glyphs("#", "o", ".", "x", "#", "-", "_.:-=+*#", colour);
  }

  String red(String text) {
    return tint("31;1", text);
  }

  String green(String text) {
    return tint("32", text);
  }

  String yellow(String text) {
    return tint("33;1", text);
  }

  String grey(String text) {
    return tint("90", text);
  }

  String bold(String text) {
    return tint("1", text);
  }

  String inverse(String text) {
    return tint("7", text);
  }

  private String tint(String code, String text) {
    return colour && !text.isEmpty() ? "\u001b[" + code + "m" + text + RESET : text;
  }

  /** {@code ████░░░░}. */
  String bar(double share, int cells) {
    int filled = (int) Math.round(Math.max(0, Math.min(1, share)) * cells);
    return full.repeat(filled) + hollow.repeat(cells - filled);
  }

  /** The newest {@code cells} values, between their least and most; blank where there is none. */
  String spark(List<Double> values, int cells) {
    List<Double> shown = values.subList(Math.max(0, values.size() - cells), values.size());
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    for (double value : shown) {
      if (!Double.isNaN(value)) {
        least = Math.min(least, value);
        most = Math.max(most, value);
      }
    }
    StringBuilder line = new StringBuilder();
    for (double value : shown) {
      if (Double.isNaN(value)) {
        line.append(' ');
        continue;
      }
      double place = most > least ? (value - least) / (most - least) : 0;
      line.append(sparks.charAt((int) Math.round(place * (sparks.length() - 1))));
    }
    return line.toString();
  }
}
