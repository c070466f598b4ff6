package io.verge.drivers.wire.mbus;

import java.math.BigDecimal;

/**
 * Tables of the value information field. Source: EN 13757-3, tables of primary VIFs and of the
 * extensions FB and FD, as in the M-Bus documentation rev. 4.8, tables of chapter 8.4.
 */
final class MbusVif {
  private static final long[] SECONDS = {1, 60, 3600, 86_400};
  private static final String[] FD_NAMES = {
    "access number",
    "medium",
    "manufacturer",
    "parameter set",
    "model",
    "hardware version",
    "firmware version",
    "software version",
    "customer location",
    "customer",
    "user access code",
    "operator access code",
    "system operator access code",
    "developer access code",
    "password",
    "error flags",
    "error mask",
    "reserved",
    "digital output",
    "digital input",
    "baud rate",
    "response delay",
    "retry"
  };

  private MbusVif() {}

  /** A VIF without its extension bit; not 7B, 7C, 7D. */
  static MbusMeaning primary(int vif) {
    int n = vif & 7;
    int two = vif & 3;
    return switch (vif >>> 3) {
      case 0x00 -> MbusMeaning.number("energy", "Wh", n - 3);
      case 0x01 -> MbusMeaning.number("energy", "J", n);
      case 0x02 -> MbusMeaning.number("volume", "m3", n - 6);
      case 0x03 -> MbusMeaning.number("mass", "kg", n - 3);
      case 0x04 -> MbusMeaning.times(n < 4 ? "on time" : "operating time", "s", SECONDS[two], 0);
      case 0x05 -> MbusMeaning.number("power", "W", n - 3);
      case 0x06 -> MbusMeaning.number("power", "J/h", n);
      case 0x07 -> MbusMeaning.number("volume flow", "m3/h", n - 6);
      case 0x08 -> MbusMeaning.times("volume flow", "m3/h", 60, n - 7);
      case 0x09 -> MbusMeaning.times("volume flow", "m3/h", 3600, n - 9);
      case 0x0A -> MbusMeaning.number("mass flow", "kg/h", n - 3);
      case 0x0B ->
          MbusMeaning.number(n < 4 ? "flow temperature" : "return temperature", "Cel", two - 3);
      case 0x0C ->
          n < 4
              ? MbusMeaning.number("temperature difference", "K", two - 3)
              : MbusMeaning.number("external temperature", "Cel", two - 3);
      case 0x0D -> pressureOrTime(vif);
      case 0x0E ->
          MbusMeaning.times(
              n < 4 ? "averaging duration" : "actuality duration", "s", SECONDS[two], 0);
      default -> MbusMeaning.number(identity(vif), "", 0);
    };
  }

  private static MbusMeaning pressureOrTime(int vif) {
    return switch (vif) {
      case 0x6C -> new MbusMeaning("date", "", BigDecimal.ONE, MbusMeaning.Form.DATE, false);
      case 0x6D -> new MbusMeaning("time", "", BigDecimal.ONE, MbusMeaning.Form.DATE_TIME, false);
      case 0x6E -> MbusMeaning.number("heat cost allocation", "", 0);
      case 0x6F -> MbusMeaning.number("reserved", "", 0);
      default -> MbusMeaning.number("pressure", "bar", (vif & 3) - 3);
    };
  }

  private static String identity(int vif) {
    return switch (vif) {
      case 0x78 -> "fabrication number";
      case 0x79 -> "identification";
      case 0x7A -> "bus address";
      case 0x7E -> "any";
      default -> "vendor specific";
    };
  }

  /** The first extension after FD, without its extension bit. */
  static MbusMeaning afterFd(int vife) {
    if (vife < 0x08) {
      return MbusMeaning.number(vife < 0x04 ? "credit" : "debit", "", (vife & 3) - 3);
    }
    if (vife < 0x08 + FD_NAMES.length) {
      return MbusMeaning.number(FD_NAMES[vife - 0x08], "", 0);
    }
    if (vife >= 0x40 && vife < 0x50) {
      return MbusMeaning.number("voltage", "V", (vife & 15) - 9);
    }
    if (vife >= 0x50 && vife < 0x60) {
      return MbusMeaning.number("current", "A", (vife & 15) - 12);
    }
    return MbusMeaning.number(
        switch (vife) {
          case 0x3A -> "dimensionless";
          case 0x60 -> "reset counter";
          case 0x61 -> "cumulation counter";
          case 0x62 -> "control signal";
          case 0x63 -> "day of week";
          case 0x64 -> "week number";
          case 0x66 -> "state of parameter activation";
          case 0x67 -> "special supplier information";
          case 0x74 -> "remaining battery life, days";
          default -> String.format("extension FD %02X", vife);
        },
        "",
        0);
  }

  /** The first extension after FB, without its extension bit. */
  static MbusMeaning afterFb(int vife) {
    int one = vife & 1;
    int two = vife & 3;
    return switch (vife) {
      case 0x00, 0x01 -> MbusMeaning.number("energy", "Wh", one + 5);
      case 0x08, 0x09 -> MbusMeaning.number("energy", "J", one + 8);
      case 0x10, 0x11 -> MbusMeaning.number("volume", "m3", one + 2);
      case 0x18, 0x19 -> MbusMeaning.number("mass", "kg", one + 5);
      case 0x28, 0x29 -> MbusMeaning.number("power", "W", one + 5);
      case 0x30, 0x31 -> MbusMeaning.number("power", "J/h", one + 8);
      case 0x70, 0x71, 0x72, 0x73 -> MbusMeaning.number("cold/warm limit", "degF", two - 3);
      case 0x74, 0x75, 0x76, 0x77 -> MbusMeaning.number("cold/warm limit", "Cel", two - 3);
      case 0x78, 0x79, 0x7A, 0x7B, 0x7C, 0x7D, 0x7E, 0x7F ->
          MbusMeaning.number("cumulated maximum of power", "W", (vife & 7) - 3);
      default -> MbusMeaning.number(String.format("extension FB %02X", vife), "", 0);
    };
  }

  /** What a further extension makes of a meaning; without its extension bit. */
  static MbusMeaning extended(MbusMeaning meaning, int vife) {
    if (vife >= 0x70 && vife <= 0x77) {
      return meaning.scaled(vife - 0x76);
    }
    return vife == 0x7D ? meaning.scaled(3) : meaning.asQualified();
  }
}
