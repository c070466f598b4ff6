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
      return text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : -1;
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

  /** Ends where a whole line says how the command went. */
  static Framing examine(byte[] received, int length) {
    int begin = 0;
    for (int at = 0; at < length; at++) {
      if (received[at] == '\r' || received[at] == '\n') {
        if (isLast(new String(received, begin, at - begin, StandardCharsets.US_ASCII))) {
          return Framing.complete(at + 1);
        }
        begin = at + 1;
      }
    }
    return length < BYTES_MAX ? Framing.needMore() : Framing.skip(Math.max(1, begin));
  }

  private static boolean isLast(String line) {
    return line.equals("OK")
        || line.equals("ERROR")
        || line.startsWith("+CME ERROR:")
        || line.startsWith("+CMS ERROR:");
  }

  static Decoded<AtAnswer> parse(byte[] bytes) {
    if (bytes.length == 0 || bytes.length > BYTES_MAX) {
      return Decoded.invalid("answer of " + bytes.length + " bytes, expected 1..1024", 0);
    }
    for (int i = 0; i < bytes.length; i++) {
      boolean blank = bytes[i] == '\r' || bytes[i] == '\n' || bytes[i] == '\t';
      if (bytes[i] < 0x20 && !blank || bytes[i] == 0x7F) {
        return Decoded.invalid(String.format("byte %02X is no text", bytes[i]), i);
      }
    }
    List<String> lines = new ArrayList<>();
    String last = "";
    String echo = "";
    for (String raw : new String(bytes, StandardCharsets.US_ASCII).split("[\r\n]+")) {
      String line = raw.strip();
      if (isLast(line)) {
        last = line;
      } else if (line.toUpperCase(Locale.ROOT).startsWith("AT")) {
        echo = line;
      } else if (!line.isEmpty()) {
        lines.add(line);
      }
    }
    return lines.isEmpty() && last.isEmpty()
        ? Decoded.invalid("no line of an answer", 0)
        : Decoded.valid(new AtAnswer(echo, lines, last));
  }

  /** The last line with this word, for example {@code +CSQ}; null if there is none. */
  @Nullable Line line(String word) {
    Line found = null;
    for (String line : lines) {
      Line one = split(line);
      if (one.word().equals(word)) {
        found = one;
      }
    }
    return found;
  }

  /** The first line of digits only: an identity that some modems give without a word. */
  String digits() {
    return lines.stream().filter(line -> line.matches("[0-9]{14,20}F?")).findFirst().orElse("");
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
