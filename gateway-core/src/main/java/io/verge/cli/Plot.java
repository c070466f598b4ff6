package io.verge.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Values over time in braille dots, two by four a character. A column without a good value stays
 * empty, neighbours are joined only where no value is missing between them, and a line under the
 * axis marks what is not good. Pure.
 */
final class Plot {
  /** Of the values' names, left of the axis. */
  private static final int LABEL = 9;

  private static final int CELLS = Text.COLUMNS - LABEL - 1;
  private static final int ROWS = 10;
  private static final int BLANK = 0x2800;

  /** Bits of a braille cell, by column and row of its dots (Unicode 15, U+2800). */
  private static final int[][] DOT = {{0x01, 0x02, 0x04, 0x40}, {0x08, 0x10, 0x20, 0x80}};

  /** Missing more than this many times the usual distance is a hole. */
  private static final int HOLE = 3;

  /**
   * A reading.
   *
   * @param value NaN where there is none.
   */
  record Dot(long ageMs, double value, String quality) {
    boolean isGood() {
      return quality.equals("good") && !Double.isNaN(value);
    }
  }

  private final int[][] cells = new int[ROWS][CELLS];
  private final char[] marks = new char[CELLS];
  private final long sinceMs;
  private final long untilMs;
  private double least = Double.POSITIVE_INFINITY;
  private double most = Double.NEGATIVE_INFINITY;

  private Plot(long sinceMs, long untilMs) {
    this.sinceMs = sinceMs;
    this.untilMs = untilMs;
    Arrays.fill(marks, ' ');
    for (int[] row : cells) {
      Arrays.fill(row, BLANK);
    }
  }

  /**
   * @param dots oldest first.
   */
  static List<String> draw(List<Dot> dots, long sinceMs, long untilMs) {
    Plot plot = new Plot(sinceMs, untilMs);
    List<Dot> shown = dots.stream().filter(dot -> !Double.isNaN(dot.value())).toList();
    for (Dot dot : shown) {
      plot.least = Math.min(plot.least, dot.value());
      plot.most = Math.max(plot.most, dot.value());
    }
    if (!shown.isEmpty() && plot.least == plot.most) {
      plot.least -= 1;
      plot.most += 1;
    }
    plot.put(dots, holeMs(dots));
    plot.mark(dots);
    return plot.lines();
  }

  /** Longer distances between readings are holes. */
  static long holeMs(List<Dot> dots) {
    long[] steps = new long[Math.max(0, dots.size() - 1)];
    for (int i = 0; i < steps.length; i++) {
      steps[i] = dots.get(i).ageMs() - dots.get(i + 1).ageMs();
    }
    Arrays.sort(steps);
    return steps.length == 0 ? 0 : HOLE * Math.max(1, steps[steps.length / 2]);
  }

  private int x(long ageMs, int width) {
    double share = (double) (sinceMs - ageMs) / Math.max(1, sinceMs - untilMs);
    return (int) Math.max(0, Math.min(width - 1, Math.floor(share * width)));
  }

  private int y(double value) {
    int height = ROWS * 4;
    return (int) Math.round((most - value) / (most - least) * (height - 1));
  }

  private void put(List<Dot> dots, long holeMs) {
    for (int i = 0; i < dots.size(); i++) {
      Dot dot = dots.get(i);
      if (Double.isNaN(dot.value())) {
        continue;
      }
      int x = x(dot.ageMs(), CELLS * 2);
      set(x, y(dot.value()));
      boolean joined =
          i > 0
              && !Double.isNaN(dots.get(i - 1).value())
              && dots.get(i - 1).ageMs() - dot.ageMs() <= holeMs;
      if (joined) {
        join(x(dots.get(i - 1).ageMs(), CELLS * 2), y(dots.get(i - 1).value()), x, y(dot.value()));
      }
    }
  }

  private void join(int fromX, int fromY, int toX, int toY) {
    int steps = Math.max(Math.abs(toX - fromX), Math.abs(toY - fromY));
    for (int i = 1; i < steps; i++) {
      set(
          fromX + Math.round((float) (toX - fromX) * i / steps),
          fromY + Math.round((float) (toY - fromY) * i / steps));
    }
  }

  private void set(int x, int y) {
    cells[y / 4][x / 2] |= DOT[x % 2][y % 4];
  }

  private void mark(List<Dot> dots) {
    for (Dot dot : dots) {
      int cell = x(dot.ageMs(), CELLS);
      if (Double.isNaN(dot.value())) {
        marks[cell] = 'x';
      } else if (!dot.isGood() && marks[cell] == ' ') {
        marks[cell] = '?';
      }
    }
  }

  private List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (int row = 0; row < ROWS; row++) {
      boolean isLabelled = row == 0 || row == ROWS / 2 || row == ROWS - 1;
      double value = most - (most - least) * (row * 4 + (row == 0 ? 0 : 3)) / (ROWS * 4 - 1);
      lines.add(
          label(isLabelled && least <= most ? text(value) : "")
              + (isLabelled ? '┤' : '│')
              + new String(cells[row], 0, CELLS).replace((char) BLANK, ' ').stripTrailing());
    }
    lines.add(" ".repeat(LABEL) + '└' + "─".repeat(CELLS));
    if (new String(marks).isBlank()) {
      lines.add(times());
      return lines;
    }
    lines.add(label("not good") + ' ' + new String(marks));
    lines.add(times());
    return lines;
  }

  private static String label(String text) {
    return " ".repeat(Math.max(0, LABEL - 1 - text.length())) + text + ' ';
  }

  private static String text(double value) {
    double size = Math.abs(value);
    String form = size >= 1e7 ? "%.2e" : size >= 1000 ? "%.0f" : size >= 10 ? "%.1f" : "%.3f";
    return String.format(Locale.ROOT, form, value);
  }

  private String times() {
    String left = ago(sinceMs);
    String middle = ago((sinceMs + untilMs) / 2);
    String right = ago(untilMs);
    int gap = CELLS / 2 - left.length() - middle.length() / 2;
    String line = left + " ".repeat(Math.max(1, gap)) + middle;
    return " ".repeat(LABEL + 1)
        + line
        + " ".repeat(Math.max(1, CELLS - line.length() - right.length()))
        + right;
  }

  private static String ago(long ms) {
    return ms == 0 ? "now" : Units.span(ms) + " ago";
  }
}
