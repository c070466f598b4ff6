package io.verge.drivers.wire.mbus;

import java.util.StringJoiner;

/** Names of the codes in a meter's answer. Source: M-Bus documentation rev. 4.8, 6.6 and 8.4.1. */
public final class MbusNames {
  private MbusNames() {}

  /** A code of the application error (CI 70). */
  public static String error(int code) {
    return switch (code) {
      case 0 -> "unspecified error";
      case 1 -> "CI not implemented";
      case 2 -> "buffer too long";
      case 3 -> "too many records";
      case 4 -> "premature end of record";
      case 5 -> "more than 10 DIFE";
      case 6 -> "more than 10 VIFE";
      case 8 -> "application busy";
      case 9 -> "too many readouts";
      default -> "error " + code;
    };
  }

  public static String status(int status) {
    StringJoiner words = new StringJoiner(", ");
    switch (status & 3) {
      case 1 -> words.add("busy");
      case 2 -> words.add("application error");
      case 3 -> words.add("abnormal condition");
      default -> {
        // 0: no error.
      }
    }
    add(words, status, 2, "power low");
    add(words, status, 3, "permanent error");
    add(words, status, 4, "temporary error");
    if (status >>> 5 != 0) {
      words.add(String.format("vendor bits %02X", status & 0xE0));
    }
    return words.length() == 0 ? "good" : words.toString();
  }

  private static void add(StringJoiner words, int status, int bit, String name) {
    if ((status >>> bit & 1) != 0) {
      words.add(name);
    }
  }

  /** EN 13757-3, table of media. */
  public static String medium(int code) {
    return switch (code) {
      case 0x00 -> "other";
      case 0x01 -> "oil";
      case 0x02 -> "electricity";
      case 0x03 -> "gas";
      case 0x04 -> "heat, outlet";
      case 0x05 -> "steam";
      case 0x06 -> "warm water";
      case 0x07 -> "water";
      case 0x08 -> "heat cost allocator";
      case 0x09 -> "compressed air";
      case 0x0A -> "cooling, outlet";
      case 0x0B -> "cooling, inlet";
      case 0x0C -> "heat, inlet";
      case 0x0D -> "heat and cooling";
      case 0x0E -> "bus or system";
      case 0x15 -> "hot water";
      case 0x16 -> "cold water";
      case 0x17 -> "dual water";
      case 0x18 -> "pressure";
      case 0x19 -> "A/D converter";
      default -> String.format("medium %02X", code);
    };
  }
}
