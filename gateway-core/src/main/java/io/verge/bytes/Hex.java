package io.verge.bytes;

import java.util.HexFormat;

/** Bytes as hexadecimal text. */
public final class Hex {
  private static final HexFormat PLAIN = HexFormat.of().withUpperCase();
  private static final HexFormat SPACED = HexFormat.ofDelimiter(" ").withUpperCase();

  private Hex() {}

  /** {@code 0A0B0C} */
  public static String plain(byte[] bytes) {
    return PLAIN.formatHex(bytes);
  }

  /** {@code 0A 0B 0C} */
  public static String spaced(byte[] bytes) {
    return SPACED.formatHex(bytes);
  }

  /** {@code 0A 0B 0C} */
  public static String spaced(byte[] bytes, int from, int to) {
    return SPACED.formatHex(bytes, from, to);
  }

  /**
   * Reads hex digits; white space, {@code :}, {@code -}, {@code ,} and {@code 0x} between bytes are
   * allowed.
   */
  public static Decoded<byte[]> parse(String text) {
    StringBuilder digits = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.digit(c, 16) >= 0 && c < 128) {
        if (c == '0' && i + 1 < text.length() && (text.charAt(i + 1) | 32) == 'x') {
          i++;
        } else {
          digits.append(c);
        }
      } else if (!Character.isWhitespace(c) && ":-,".indexOf(c) < 0) {
        return Decoded.invalid("'" + c + "' is not a hex digit", i);
      }
    }
    if (digits.length() % 2 != 0) {
      return Decoded.invalid("odd number of hex digits: " + digits.length(), text.length());
    }
    return Decoded.valid(HexFormat.of().parseHex(digits));
  }
}
