package io.verge.drivers.at;

import io.verge.bytes.Decoded;
import io.verge.driver.Framing;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The lines of one answer.
 *
 * @param echo the command, where the modem repeats it; else empty.
 * @param lines without blank ones, the echo of the command, and the last.
 * @param last {@code OK} or an error; empty where the answer has no end.
 */
record AtAnswer(String echo, List<String> lines, String last) {
  /** Longest answer kept; that of a list of networks is longer, and nobody asks for it. */
  static final int BYTES_MAX = 1024;

  /** One line: the word before the colon, and what follows it. */
  record Line(String word, List<String> values) {
    String text(int at) {
      return at < values.size() ? values.get(at) : "";
    }

    /** -1 where there is no such number. */
    int number(int at) {
      String text = text(at);
      return isDigits(text, 1, 9) ? Integer.parseInt(text) : -1;
    }

    boolean isQuoted(int at) {
      return text(at).startsWith("\"");
    }

    String unquoted(int at) {
      return text(at).replace("\"", "");
    }
  }

  AtAnswer {
    lines = List.copyOf(lines);
  }

  /** Whether it answers this command, as far as it tells. */
  boolean isTo(String command) {
    return echo.isEmpty() || echo.equalsIgnoreCase(command);
  }

  boolean isGood() {
    return last.equals("OK");
  }

  /**
   * Ends where a whole line says how the command went. Called for every piece that comes: it makes
   * nothing, however many lines noise has.
   */
  static Framing examine(byte[] received, int length) {
    int begin = 0;
    for (int at = 0; at < length; at++) {
      if (endsLine(received[at])) {
        if (isLast(received, begin, at)) {
          return Framing.complete(at + 1);
        }
        begin = at + 1;
      }
    }
    return length < BYTES_MAX ? Framing.needMore() : Framing.skip(Math.max(1, begin));
  }

  private static boolean endsLine(byte one) {
    return one == '\r' || one == '\n';
  }

  private static boolean isBlank(byte one) {
    return one == ' ' || one == '\t';
  }

  private static boolean isLast(byte[] bytes, int from, int to) {
    return to - from == 2 && begins(bytes, from, to, "OK")
        || to - from == 5 && begins(bytes, from, to, "ERROR")
        || begins(bytes, from, to, "+CME ERROR:")
        || begins(bytes, from, to, "+CMS ERROR:");
  }

  private static boolean begins(byte[] bytes, int from, int to, String word) {
    if (to - from < word.length()) {
      return false;
    }
    for (int i = 0; i < word.length(); i++) {
      if (bytes[from + i] != word.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  static Decoded<AtAnswer> parse(byte[] bytes) {
    if (bytes.length == 0 || bytes.length > BYTES_MAX) {
      return Decoded.invalid("answer of " + bytes.length + " bytes, expected 1..1024", 0);
    }
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] < 0x20 && !endsLine(bytes[i]) && !isBlank(bytes[i]) || bytes[i] == 0x7F) {
        return Decoded.invalid(String.format("byte %02X is no text", bytes[i]), i);
      }
    }
    Lines lines = new Lines();
    int begin = 0;
    for (int at = 0; at <= bytes.length; at++) {
      if (at == bytes.length || endsLine(bytes[at])) {
        lines.take(bytes, begin, at);
        begin = at + 1;
      }
    }
    return lines.plain.isEmpty() && lines.last.isEmpty()
        ? Decoded.invalid("no line of an answer", 0)
        : Decoded.valid(new AtAnswer(lines.echo, lines.plain, lines.last));
  }

  /** The lines of one answer by what they are. */
  private static final class Lines {
    private final List<String> plain = new ArrayList<>();
    private String last = "";
    private String echo = "";

    void take(byte[] bytes, int begin, int end) {
      int from = begin;
      int to = end;
      while (from < to && isBlank(bytes[from])) {
        from++;
      }
      while (to > from && isBlank(bytes[to - 1])) {
        to--;
      }
      if (from == to) {
        return;
      }
      String line = new String(bytes, from, to - from, StandardCharsets.US_ASCII);
      if (isLast(bytes, from, to)) {
        last = line;
      } else if (line.regionMatches(true, 0, "AT", 0, 2)) {
        echo = line;
      } else {
        plain.add(line);
      }
    }
  }

  /** The last line with this word, for example {@code +CSQ}; null if there is none. */
  @Nullable Line line(String word) {
    for (int i = lines.size() - 1; i >= 0; i--) {
      String line = lines.get(i);
      if (line.regionMatches(true, 0, word, 0, word.length())
          && line.indexOf(':') == word.length()) {
        return split(line);
      }
    }
    return null;
  }

  /** The first line of digits only: an identity that some modems give without a word. */
  String digits() {
    for (String line : lines) {
      String digits = line.endsWith("F") ? line.substring(0, line.length() - 1) : line;
      if (isDigits(digits, 14, 20)) {
        return line;
      }
    }
    return "";
  }

  static boolean isDigits(String text, int least, int most) {
    return text.length() >= least
        && text.length() <= most
        && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  static Line split(String line) {
    int colon = line.indexOf(':');
    if (colon < 0 || !line.startsWith("+")) {
      return new Line("", List.of());
    }
    List<String> values = new ArrayList<>();
    StringBuilder value = new StringBuilder();
    boolean quoted = false;
    for (char c : line.substring(colon + 1).toCharArray()) {
      quoted ^= c == '"';
      if (c == ',' && !quoted) {
        values.add(value.toString().strip());
        value.setLength(0);
      } else {
        value.append(c);
      }
    }
    values.add(value.toString().strip());
    return new Line(line.substring(0, colon).toUpperCase(Locale.ROOT), List.copyOf(values));
  }
}
