package io.verge.simulator.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Draws a {@link DemoFrame} as lines of at most 80 columns. Pure. */
final class DemoScreen {
  static final int WIDTH = 78;
  private static final String SPARKS = " ▁▂▃▄▅▆▇█";
  private static final String RESET = "\u001b[0m";

  private DemoScreen() {}

  /**
   * @param colour whether ANSI colours may be used.
   */
  static List<String> render(DemoFrame frame, boolean colour) {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "VERGE demo  %3d/%d s   street time %s   link %s   session %s",
            frame.elapsedSeconds(),
            frame.totalSeconds(),
            frame.clock(),
            frame.linkUp() ? paint(colour, "32", "up") : paint(colour, "31;1", "OUT"),
            frame.session()));
    lines.add("");
    lines.addAll(lamps(frame.lampLevels(), colour));
    lines.add("");
    lines.addAll(containers(frame.fills(), colour));
    lines.add("");
    lines.add(spark("power W", frame.power(), colour, "33"));
    lines.add(spark("water l/h", frame.water(), colour, "36"));
    lines.add(spark("waiting", frame.buffered(), colour, frame.linkUp() ? "32" : "31"));
    lines.add("");
    lines.add(
        String.format(
            Locale.ROOT,
            "acquired %,d   delivered %,d   waiting %,d   %.2f bytes a reading",
            frame.acquired(),
            frame.delivered(),
            frame.waiting(),
            frame.bytesPerReading()));
    lines.add("");
    for (String note : frame.notes()) {
      lines.add("  " + (note.length() > WIDTH - 2 ? note.substring(0, WIDTH - 2) : note));
    }
    return lines;
  }

  private static List<String> lamps(int[] levels, boolean colour) {
    List<String> lines = new ArrayList<>();
    int half = (levels.length + 1) / 2;
    for (int row = 0; row < 2; row++) {
      StringBuilder line = new StringBuilder(row == 0 ? "lamps      " : "           ");
      for (int i = row * half; i < Math.min(levels.length, (row + 1) * half); i++) {
        line.append(lamp(levels[i], colour)).append("  ");
      }
      lines.add(line.toString().stripTrailing());
    }
    return lines;
  }

  private static String lamp(int level, boolean colour) {
    if (level < 0) {
      return paint(colour, "31;1", "x");
    }
    if (level == 0) {
      return paint(colour, "90", "·");
    }
    return paint(colour, level >= 60 ? "93;1" : "33", level >= 60 ? "●" : "○");
  }

  private static List<String> containers(int[] fills, boolean colour) {
    List<String> lines = new ArrayList<>();
    StringBuilder bars = new StringBuilder("containers ");
    StringBuilder percents = new StringBuilder("           ");
    for (int fill : fills) {
      int eighths = Math.max(0, Math.min(8, (fill * 8 + 50) / 100));
      bars.append(paint(colour, fill >= 85 ? "31" : "34", "▕" + SPARKS.charAt(eighths) + "▏"));
      percents.append(fill < 0 ? " - " : String.format(Locale.ROOT, "%2d ", Math.min(fill, 99)));
    }
    lines.add(bars.toString());
    lines.add(percents.toString().stripTrailing() + "  %");
    return lines;
  }

  private static String spark(String name, double[] history, boolean colour, String code) {
    int room = WIDTH - 24;
    int from = Math.max(0, history.length - room);
    double most = 0;
    for (int i = from; i < history.length; i++) {
      most = Math.max(most, history[i]);
    }
    StringBuilder line = new StringBuilder();
    for (int i = from; i < history.length; i++) {
      int step = most <= 0 ? 0 : (int) Math.round(history[i] / most * 8);
      line.append(SPARKS.charAt(Math.max(history[i] > 0 ? 1 : 0, Math.min(8, step))));
    }
    double now = history.length == 0 ? 0 : history[history.length - 1];
    return String.format(
        Locale.ROOT,
        "%-10s %s%s %,.0f",
        name,
        " ".repeat(room - (history.length - from)),
        paint(colour, code, line.toString()),
        now);
  }

  private static String paint(boolean colour, String code, String text) {
    return colour ? "\u001b[" + code + "m" + text + RESET : text;
  }
}
