package io.verge.cli;

import io.verge.local.HistoryView;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Values over time as an SVG picture, for a page or a report: no script, no foreign parts; colours
 * come from the page's style ({@code .line}, {@code .dot}, {@code .grid}, {@code .bad}). Pure.
 */
final class SvgPlot {
  private static final int WIDTH = 340;
  private static final int HEIGHT = 110;
  private static final int LEFT = 44;
  private static final int RIGHT = 334;
  private static final int TOP = 8;
  private static final int BOTTOM = 88;

  /** More dots than this can't be told apart; neighbours are thinned to least and most. */
  private static final int DOTS_MAX = 2 * (RIGHT - LEFT);

  /** Missing more than this many times the usual distance is a hole. */
  private static final int HOLE = 3;

  private record Dot(long ageMs, double value) {}

  private SvgPlot() {}

  /**
   * @param readings in any order.
   * @param sinceMs age of the left edge; now is the right one.
   * @return an {@code <svg>} element; one that says so where nothing was read.
   */
  static String draw(String title, List<HistoryView> readings, long sinceMs) {
    List<Dot> dots = new ArrayList<>();
    List<Long> bad = new ArrayList<>();
    for (HistoryView reading : readings) {
      Long age = reading.ageMs();
      BigDecimal value = Plausible.number(reading.value());
      if (age != null && age <= sinceMs) {
        if (value != null && reading.quality().equals("good")) {
          dots.add(new Dot(age, value.doubleValue()));
        } else {
          bad.add(age);
        }
      }
    }
    dots.sort(Comparator.comparingLong(Dot::ageMs).reversed());
    StringBuilder svg = new StringBuilder();
    svg.append(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 "
            + WIDTH
            + " "
            + HEIGHT
            + "\" role=\"img\" aria-label=\""
            + escape(title)
            + "\">");
    if (dots.isEmpty()) {
      text(svg, WIDTH / 2, HEIGHT / 2, "middle", "no readings yet");
    } else {
      body(svg, dots, sinceMs);
    }
    for (long age : thinned(bad)) {
      svg.append(
          String.format(
              Locale.ROOT, "<path class=\"bad\" d=\"M%.1f %dv5\"/>", x(age, sinceMs), BOTTOM + 1));
    }
    text(svg, LEFT, HEIGHT - 6, "start", Units.span(sinceMs) + " ago");
    text(svg, RIGHT, HEIGHT - 6, "end", "now");
    return svg.append("</svg>").toString();
  }

  private static List<Long> thinned(List<Long> ages) {
    int step = 1 + ages.size() / DOTS_MAX;
    List<Long> few = new ArrayList<>();
    for (int i = 0; i < ages.size(); i += step) {
      few.add(ages.get(i));
    }
    return few;
  }

  private static void body(StringBuilder svg, List<Dot> dots, long sinceMs) {
    double least = dots.stream().mapToDouble(Dot::value).min().orElse(0);
    double most = dots.stream().mapToDouble(Dot::value).max().orElse(0);
    double span = most - least;
    double low = span == 0 ? least - 1 : least;
    double high = span == 0 ? most + 1 : most;
    for (double share : new double[] {0, 0.5, 1}) {
      double y = BOTTOM - share * (BOTTOM - TOP);
      svg.append(
          String.format(Locale.ROOT, "<path class=\"grid\" d=\"M%d %.1fH%d\"/>", LEFT, y, RIGHT));
      text(svg, LEFT - 4, y + 3, "end", label(low + share * (high - low), high - low));
    }
    // Less than two pixels can't be seen as a hole, and is none where dots were left out.
    long hole = Math.max(HOLE * usualStep(dots), 2 * sinceMs / (RIGHT - LEFT));
    StringBuilder path = new StringBuilder();
    Dot before = null;
    for (Dot dot : reduced(dots, sinceMs)) {
      double y = BOTTOM - (dot.value() - low) / (high - low) * (BOTTOM - TOP);
      boolean joined = before != null && before.ageMs() - dot.ageMs() <= hole;
      path.append(
          String.format(
              Locale.ROOT, "%s%.1f %.1f", joined ? "L" : "M", x(dot.ageMs(), sinceMs), y));
      if (!joined) {
        path.append("h.5");
      }
      before = dot;
    }
    svg.append("<path class=\"line\" d=\"").append(path).append("\"/>");
  }

  /** At most the least and the most of each pixel's column. */
  private static List<Dot> reduced(List<Dot> dots, long sinceMs) {
    if (dots.size() <= DOTS_MAX) {
      return dots;
    }
    List<Dot> few = new ArrayList<>();
    for (int from = 0; from < dots.size(); ) {
      long column = Math.round(x(dots.get(from).ageMs(), sinceMs));
      Dot least = dots.get(from);
      Dot most = least;
      int to = from;
      while (to < dots.size() && Math.round(x(dots.get(to).ageMs(), sinceMs)) == column) {
        Dot dot = dots.get(to++);
        least = dot.value() < least.value() ? dot : least;
        most = dot.value() > most.value() ? dot : most;
      }
      few.add(least.ageMs() >= most.ageMs() ? least : most);
      if (least != most) {
        few.add(least.ageMs() >= most.ageMs() ? most : least);
      }
      from = to;
    }
    return few;
  }

  private static long usualStep(List<Dot> dots) {
    List<Long> steps = new ArrayList<>();
    for (int i = 1; i < dots.size(); i++) {
      steps.add(dots.get(i - 1).ageMs() - dots.get(i).ageMs());
    }
    steps.sort(Comparator.naturalOrder());
    return steps.isEmpty() ? 1 : Math.max(1, steps.get(steps.size() / 2));
  }

  private static double x(long ageMs, long sinceMs) {
    return RIGHT - (double) ageMs / sinceMs * (RIGHT - LEFT);
  }

  private static String label(double value, double span) {
    if (Math.abs(value) >= 100_000) {
      return String.format(Locale.ROOT, "%.2g", value);
    }
    return String.format(Locale.ROOT, span >= 10 ? "%.0f" : span >= 1 ? "%.1f" : "%.2f", value);
  }

  private static void text(StringBuilder svg, double x, double y, String anchor, String text) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<text x=\"%.0f\" y=\"%.0f\" text-anchor=\"%s\">%s</text>",
            x,
            y,
            anchor,
            escape(text)));
  }

  /** For text and attribute values of HTML and SVG. */
  static String escape(String text) {
    return Text.clean(text)
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
