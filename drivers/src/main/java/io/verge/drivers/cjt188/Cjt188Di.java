package io.verge.drivers.cjt188;

import java.util.Map;

/**
 * A data identifier as found in a frame: no frame says in which order its two bytes are.
 *
 * @param di the identifier, or the two bytes as they came where neither order is known.
 * @param order {@code BE}: high byte first (90 1F); {@code LE}: low byte first (1F 90); else empty.
 */
record Cjt188Di(int di, String order) {
  private static final Map<Integer, String> NAMES =
      Map.ofEntries(
          Map.entry(0x901F, "metering data"),
          Map.entry(0x8102, "price"),
          Map.entry(0x8103, "settlement day"),
          Map.entry(0x8104, "reading day"),
          Map.entry(0x8105, "purchase"),
          Map.entry(0x8106, "key version"),
          Map.entry(0x810A, "address"),
          Map.entry(0xA010, "set price"),
          Map.entry(0xA011, "set settlement day"),
          Map.entry(0xA012, "set reading day"),
          Map.entry(0xA013, "set purchase"),
          Map.entry(0xA014, "set key"),
          Map.entry(0xA015, "set clock"),
          Map.entry(0xA016, "set base"),
          Map.entry(0xA017, "valve"),
          Map.entry(0xA018, "set address"));
  private static final int HISTORY_FIRST = 0xD120;
  private static final int HISTORY_LAST = 0xD12B;

  static Cjt188Di of(byte first, byte second) {
    int high = (first & 0xFF) << 8 | second & 0xFF;
    int low = (second & 0xFF) << 8 | first & 0xFF;
    if (isKnown(high)) {
      return new Cjt188Di(high, "BE");
    }
    return isKnown(low) ? new Cjt188Di(low, "LE") : new Cjt188Di(high, "");
  }

  private static boolean isKnown(int di) {
    return NAMES.containsKey(di) || isHistory(di);
  }

  private static boolean isHistory(int di) {
    return di >= HISTORY_FIRST && di <= HISTORY_LAST;
  }

  String name() {
    return isHistory(di)
        ? "total " + (di - HISTORY_FIRST + 1) + " months ago"
        : NAMES.getOrDefault(di, "unknown identifier");
  }
}
