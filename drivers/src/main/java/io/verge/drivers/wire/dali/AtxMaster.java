package io.verge.drivers.wire.dali;

import io.verge.bytes.Decoded;
import io.verge.driver.Answer;
import io.verge.driver.BusException;
import io.verge.driver.BusSession;
import io.verge.driver.Framing;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * The ATX LED DALI hat: lines of ASCII, ended by a line feed. {@code hAABB} sends 16 bit, {@code
 * tAABB} the same twice, {@code lAABBCC} 24, {@code jAA} 8; answers are {@code Jdd}, {@code N} for
 * none, {@code X} or {@code Z} for a collision; one line for each sending. Other lines tell what
 * others say on the bus. There is no checksum.
 */
public final class AtxMaster implements DaliMaster {
  /** Longest line that means anything: {@code lAABBCC}, carriage return and line feed. */
  private static final int LINE_MAX = 16;

  @Override
  public DaliReply send(BusSession bus, int frame) throws BusException {
    Answer answer = bus.transact(request(frame), AtxMaster::examine);
    if (!(answer instanceof Answer.Frame first)) {
      return DaliReply.lost(answer);
    }
    DaliReply reply = reply(first.bytes());
    if (Dali.isTwice(frame)) {
      // Its second line would pass for the answer to the next frame.
      Answer again = bus.listen(AtxMaster::examine, ANSWER_MS);
      if (again instanceof Answer.Frame second) {
        return reply(second.bytes());
      }
      bus.miss();
    }
    return reply;
  }

  static byte[] request(int frame) {
    String line =
        String.format(Locale.ROOT, "%c%04X\n", Dali.isTwice(frame) ? 't' : 'h', frame & 0xFFFF);
    return line.getBytes(StandardCharsets.US_ASCII);
  }

  private static Framing examine(byte[] received, int length) {
    for (int end = 0; end < length; end++) {
      if (received[end] == '\n') {
        return isAnswer(received, end) ? Framing.complete(end + 1) : Framing.skip(end + 1);
      }
      if (end >= LINE_MAX) {
        return Framing.skip(1);
      }
    }
    return Framing.needMore();
  }

  private static boolean isAnswer(byte[] line, int end) {
    int last = end > 0 && line[end - 1] == '\r' ? end - 1 : end;
    return switch (last == 0 ? 0 : line[0]) {
      case 'J' -> last == 3 && hex(line, 1) >= 0;
      case 'N', 'X', 'Z' -> last == 1;
      default -> false;
    };
  }

  private static int hex(byte[] line, int at) {
    int high = Character.digit(line[at], 16);
    int low = Character.digit(line[at + 1], 16);
    return high < 0 || low < 0 ? -1 : high << 4 | low;
  }

  private static DaliReply reply(byte[] line) {
    return switch (line[0]) {
      case 'J' -> DaliReply.value(hex(line, 1));
      case 'N' -> DaliReply.nothing();
      default -> DaliReply.collision();
    };
  }

  /** A whole line of either direction, with or without its end. */
  static Decoded<String> check(byte[] line) {
    String text = new String(line, StandardCharsets.US_ASCII).stripTrailing();
    return text.matches(
            "[ht][0-9A-Fa-f]{4}|l[0-9A-Fa-f]{6}|[jJ][0-9A-Fa-f]{2}|H[0-9A-Fa-f]{4}|L[0-9A-Fa-f]{6}|[NXZ]")
        ? Decoded.valid(text)
        : Decoded.invalid("no line of the ATX LED hat", 0);
  }
}
