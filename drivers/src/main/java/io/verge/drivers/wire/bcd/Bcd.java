package io.verge.drivers.wire.bcd;

/** Low byte first, at most 9 bytes. */
public final class Bcd {
  /** What {@link #number} gives for bytes that are no decimal digits. */
  public static final long NONE = -1;

  private Bcd() {}

  public static long number(byte[] bytes, int from, int to) {
    long number = 0;
    for (int i = to - 1; i >= from; i--) {
      int high = bytes[i] >> 4 & 0xF;
      int low = bytes[i] & 0xF;
      if (high > 9 || low > 9) {
        return NONE;
      }
      number = number * 100 + high * 10L + low;
    }
    return number;
  }

  /** The digits as written for people, highest first; hex digits where they are not decimal. */
  public static String digits(byte[] bytes, int from, int to) {
    StringBuilder text = new StringBuilder();
    for (int i = to - 1; i >= from; i--) {
      text.append(Character.toUpperCase(Character.forDigit(bytes[i] >> 4 & 0xF, 16)));
      text.append(Character.toUpperCase(Character.forDigit(bytes[i] & 0xF, 16)));
    }
    return text.toString();
  }

  /**
   * The bytes of an even number of hex digits as written for people.
   *
   * @throws IllegalArgumentException if a character is no hex digit.
   */
  public static byte[] bytes(String digits) {
    byte[] bytes = new byte[digits.length() / 2];
    for (int i = 0; i < bytes.length; i++) {
      int at = digits.length() - 2 - 2 * i;
      int high = Character.digit(digits.charAt(at), 16);
      int low = Character.digit(digits.charAt(at + 1), 16);
      if (high < 0 || low < 0) {
        throw new IllegalArgumentException("'" + digits + "' has more than digits in it");
      }
      bytes[i] = (byte) (high << 4 | low);
    }
    return bytes;
  }

  /** Whether all bytes are this one. */
  public static boolean isAll(byte[] bytes, int from, int to, int value) {
    for (int i = from; i < to; i++) {
      if ((bytes[i] & 0xFF) != value) {
        return false;
      }
    }
    return true;
  }
}
