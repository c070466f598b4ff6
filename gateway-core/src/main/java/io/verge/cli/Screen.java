package io.verge.cli;

import java.io.PrintStream;
import java.util.List;

/**
 * Where a command prints. Everything that came from elsewhere goes through {@link Text#clean}.
 *
 * @param colour whether {@code out} is a terminal that wants colours.
 */
record Screen(PrintStream out, PrintStream err, boolean colour) {
  private static final String RED = "\u001b[31m";
  private static final String GREEN = "\u001b[32m";
  private static final String PLAIN = "\u001b[0m";

  /** A terminal, and nobody set NO_COLOR (no-color.org). */
  static boolean wantsColour() {
    String no = System.getenv("NO_COLOR");
    return System.console() != null
        && (no == null || no.isEmpty())
        && !"dumb".equals(System.getenv("TERM"));
  }

  void line(String text) {
    out.println(Text.cut(Text.clean(text).stripTrailing(), Text.COLUMNS));
  }

  /** A line that may be longer than the terminal, for it may be searched and kept. */
  void whole(String text) {
    out.println(Text.clean(text).stripTrailing());
  }

  void bad(String text) {
    tinted(text, RED);
  }

  void good(String text) {
    tinted(text, GREEN);
  }

  private void tinted(String text, String tint) {
    String clean = Text.cut(Text.clean(text).stripTrailing(), Text.COLUMNS);
    out.println(colour ? tint + clean + PLAIN : clean);
  }

  /** A paragraph; nothing is cut. */
  void wrapped(String first, String text, String rest) {
    Text.wrap(first, Text.clean(text), rest).forEach(out::println);
  }

  /** Anything that has a JSON text already. */
  void json(Object json) {
    out.println(Text.cleanJson(json.toString()));
  }

  void table(Table table) {
    List<Table.Line> lines = table.lines();
    for (Table.Line line : lines) {
      if (line.bad()) {
        bad(line.text());
      } else {
        line(line.text());
      }
    }
  }

  void error(String message, String next) {
    err.println("verge: " + Text.clean(message));
    if (!next.isEmpty()) {
      err.println(Text.clean(next));
    }
  }
}
