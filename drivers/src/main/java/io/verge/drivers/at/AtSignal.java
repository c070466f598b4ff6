package io.verge.drivers.at;

import org.jspecify.annotations.Nullable;

/** Codes of signal strength, as numbers. Source: 3GPP TS 27.007, 8.5 and 8.69; Quectel EC25. */
final class AtSignal {
  private AtSignal() {}

  /** dBm of a {@code +CSQ} code: 0..31, and 100..191 on TD-SCDMA; null for 99 and others. */
  static @Nullable Integer rssi(int code) {
    if (code >= 0 && code <= 31) {
      return -113 + 2 * code;
    }
    return code >= 100 && code <= 191 ? (Integer) (code - 216) : null;
  }

  /** dBm of the sixth value of {@code +CESQ}, 0..97; null for 255 and others. */
  static @Nullable Integer rsrp(int code) {
    return code >= 0 && code <= 97 ? (Integer) (code - 141) : null;
  }

  /** Tenths of dB of the fifth value, 0..34: the upper bound of its step. */
  static @Nullable Integer rsrqTenths(int code) {
    return code >= 0 && code <= 34 ? (Integer) (-200 + 5 * code) : null;
  }

  static String registration(int stat) {
    return switch (stat) {
      case 0 -> "not registered";
      case 1 -> "registered, home network";
      case 2 -> "searching";
      case 3 -> "denied";
      case 5 -> "registered, roaming";
      default -> "unknown";
    };
  }

  /** Home or roaming. */
  static boolean isRegistered(int stat) {
    return stat == 1 || stat == 5;
  }

  /**
   * Where the state stands in {@code +CEREG}, {@code +CGREG}, {@code +CREG}: the answer has the
   * mode before it, what the modem tells by itself has not.
   */
  static int statAt(AtAnswer.Line line) {
    return line.values().size() >= 2 && !line.isQuoted(1) ? 1 : 0;
  }
}
