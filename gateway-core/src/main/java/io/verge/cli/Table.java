package io.verge.cli;

import java.util.ArrayList;
import java.util.List;

/** Columns as wide as their content; the last one is cut where the terminal ends. */
final class Table {
  /** Names of the field are short; longer ones are cut so that the row still says something. */
  private static final int CELL_MAX = 32;

  /** A row as text; {@code bad} rows are tinted. */
  record Line(String text, boolean bad) {}

  private record Row(List<String> cells, boolean bad) {
    boolean isNote(int columns) {
      return cells.size() < columns;
    }
  }

  private final List<Row> rows = new ArrayList<>();
  private final boolean[] right;

  /**
   * @param heads column heads; one that begins with {@code >} is set to the right.
   */
  Table(String... heads) {
    right = new boolean[heads.length];
    List<String> cells = new ArrayList<>();
    for (int i = 0; i < heads.length; i++) {
      right[i] = heads[i].startsWith(">");
      cells.add(right[i] ? heads[i].substring(1) : heads[i]);
    }
    rows.add(new Row(cells, false));
  }

  void row(boolean bad, Object... cells) {
    if (cells.length != right.length) {
      throw new IllegalArgumentException(cells.length + " cells for " + right.length + " columns");
    }
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < cells.length; i++) {
      String clean = Text.clean(String.valueOf(cells[i]));
      texts.add(i < cells.length - 1 ? Text.cut(clean, CELL_MAX) : clean);
    }
    rows.add(new Row(texts, bad));
  }

  /** A line of its own under the last row, cut only where the terminal ends. */
  void note(boolean bad, String text) {
    rows.add(new Row(List.of(Text.clean(text)), bad));
  }

  boolean isEmpty() {
    return rows.size() == 1;
  }

  List<Line> lines() {
    int[] widths = new int[right.length];
    for (Row row : rows) {
      for (int i = 0; i < widths.length && !row.isNote(right.length); i++) {
        widths[i] = Math.max(widths[i], Text.width(row.cells().get(i)));
      }
    }
    List<Line> lines = new ArrayList<>();
    for (Row row : rows) {
      if (row.isNote(right.length)) {
        lines.add(new Line("  " + row.cells().get(0), row.bad()));
        continue;
      }
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        String cell = row.cells().get(i);
        String blanks = " ".repeat(widths[i] - Text.width(cell));
        line.append(i == 0 ? "" : "  ").append(right[i] ? blanks + cell : cell + blanks);
      }
      lines.add(new Line(line.toString(), row.bad()));
    }
    return lines;
  }
}
