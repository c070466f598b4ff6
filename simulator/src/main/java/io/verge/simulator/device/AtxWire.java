package io.verge.simulator.device;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** An ATX LED hat: lines of ASCII, one answer for each sending (hardware-notes/dali-masters.md). */
public final class AtxWire implements Wire {
  private static final int LINE_MAX = 16;

  private final DaliGears gears;
  private final StringBuilder line = new StringBuilder();

  public AtxWire(DaliGears gears) {
    this.gears = gears;
  }

  @Override
  public byte[] received(byte[] bytes, long nanos) {
    StringBuilder answers = new StringBuilder();
    for (byte one : bytes) {
      if (one != '\n') {
        line.append((char) (one & 0xFF));
        line.setLength(Math.min(LINE_MAX, line.length()));
      } else {
        answers.append(answer(line.toString()));
        line.setLength(0);
      }
    }
    return answers.toString().getBytes(StandardCharsets.US_ASCII);
  }

  private String answer(String asked) {
    if (!asked.matches("[ht][0-9A-F]{4}")) {
      return "";
    }
    int frame = Integer.parseInt(asked.substring(1), 16);
    boolean twice = asked.charAt(0) == 't';
    int answer = gears.forward(frame >> 8, frame & 0xFF, twice);
    String said =
        answer == DaliGears.NO_ANSWER ? "N\n" : String.format(Locale.ROOT, "J%02X\n", answer);
    return twice ? said + said : said;
  }

  @Override
  public byte[] spontaneous(long nanos) {
    return new byte[0];
  }

  @Override
  public long served() {
    return gears.served();
  }
}
