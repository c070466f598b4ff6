package io.verge.cli;

import java.util.ArrayList;
import java.util.List;

/** Text on a terminal: safe, and as wide as it looks. */
public final class Text {
  /** Columns of the narrowest terminal we promise to fit: a serial console. */
  static final int COLUMNS = 80;

  private Text() {}

  /** Control, direction-changing and unpaired characters become {@code ?}. */
  public static String clean(String text) {
    StringBuilder clean = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              int type = Character.getType(c);
              boolean bad =
                  type == Character.CONTROL
                      || type == Character.FORMAT
                      || type == Character.SURROGATE
                      || type == Character.LINE_SEPARATOR
                      || type == Character.PARAGRAPH_SEPARATOR;
              clean.appendCodePoint(bad ? '?' : c);
            });
    return clean.toString();
  }

  /** JSON whose strings have control and direction-changing characters escaped. */
  static String cleanJson(String json) {
    StringBuilder clean = new StringBuilder(json.length());
    for (int i = 0; i < json.length(); i++) {
      char c = json.charAt(i);
      int type = Character.getType(c);
      if (c != '\n' && (type == Character.CONTROL || type == Character.FORMAT)) {
        clean.append(String.format("\\u%04x", (int) c));
      } else {
        clean.append(c);
      }
    }
    return clean.toString();
  }

  /** Columns the text takes: ideographs take two, combining marks none. */
  static int width(String text) {
    return text.codePoints().map(Text::width).sum();
  }

  private static int width(int c) {
    int type = Character.getType(c);
    if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK) {
      return 0;
    }
    boolean wide =
        Character.isIdeographic(c)
            || (c >= 0x1100 && c <= 0x115F)
            || (c >= 0x3000 && c <= 0x30FF)
            || (c >= 0xAC00 && c <= 0xD7A3)
            || (c >= 0xFF01 && c <= 0xFF60)
            || (c >= 0x1F300 && c <= 0x1FAFF);
    return wide ? 2 : 1;
  }

  /** At most {@code columns} wide; what is cut is shown by an ellipsis. */
  static String cut(String text, int columns) {
    if (width(text) <= columns) {
      return text;
    }
    StringBuilder cut = new StringBuilder();
    int used = 1;
    for (int c : text.codePoints().toArray()) {
      used += width(c);
      if (used > columns) {
        break;
      }
      cut.appendCodePoint(c);
    }
    return cut.append('…').toString();
  }

  /**
   * Lines of at most {@link #COLUMNS}: the first after {@code first}, the others after {@code
   * rest}.
   */
  public static List<String> wrap(String first, String text, String rest) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder(first);
    boolean fresh = true;
    for (String word : text.split(" ")) {
      if (!fresh && width(line.toString()) + 1 + width(word) > COLUMNS) {
        lines.add(line.toString());
        line = new StringBuilder(rest);
        fresh = true;
      }
      line.append(fresh ? "" : " ").append(word);
      fresh = false;
    }
    lines.add(line.toString());
    return lines;
  }
}
