package io.verge.drivers.maxbotix;

import io.verge.bytes.Decoded;
import io.verge.driver.Framer;
import io.verge.driver.Framing;

/** Lines of MaxBotix sensors; their form is in the package's description. */
final class MaxbotixCodec {
  static final int START = 'R';
  static final int END = '\r';
  static final int CENTIMETRE_DIGITS = 3;
  static final int MILLIMETRE_DIGITS = 4;

  private MaxbotixCodec() {}

  /**
   * Lines of this many digits only: a byte lost from R1234 must not pass for 123 cm.
   *
   * @param digits 3 or 4.
   */
  static Framer framer(int digits) {
    return (received, length) -> {
      for (int i = 0; i < Math.min(length, digits + 2); i++) {
        if (!fits(received[i], i, digits)) {
          return Framing.skip(1);
        }
      }
      return length < digits + 2 ? Framing.needMore() : Framing.complete(digits + 2);
    };
  }

  private static boolean fits(byte found, int at, int digits) {
    if (at == 0) {
      return found == START;
    }
    return at <= digits ? found >= '0' && found <= '9' : found == END;
  }

  /** Checks a whole line; the value is its number of digits. */
  static Decoded<Integer> check(byte[] line) {
    int digits = line.length - 2;
    if (digits != CENTIMETRE_DIGITS && digits != MILLIMETRE_DIGITS) {
      return Decoded.invalid("line of " + line.length + " bytes, expected 5 or 6", 0);
    }
    for (int i = 0; i < line.length; i++) {
      if (!fits(line[i], i, digits)) {
        return Decoded.invalid(String.format("%02X, expected R, digits, CR", line[i] & 0xFF), i);
      }
    }
    return Decoded.valid(digits);
  }

  /** Number of a checked line. */
  static int number(byte[] line) {
    int number = 0;
    for (int i = 1; i < line.length - 1; i++) {
      number = number * 10 + line[i] - '0';
    }
    return number;
  }

  /** Millimetres of a checked line. */
  static int distanceMm(byte[] line) {
    return line.length - 2 == CENTIMETRE_DIGITS ? 10 * number(line) : number(line);
  }
}
