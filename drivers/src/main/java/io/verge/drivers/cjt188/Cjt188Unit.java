package io.verge.drivers.cjt188;

import org.jspecify.annotations.Nullable;

/**
 * Units of CJ/T 188. Codes not listed are not guessed: 2B, 2D and 2E are used for multiples of m3,
 * but sources contradict each other.
 *
 * @param quantity what a number with this unit measures.
 * @param scale the number times 10^scale is in {@code name}.
 */
record Cjt188Unit(String quantity, String name, int scale) {
  static @Nullable Cjt188Unit of(int code) {
    return switch (code) {
      case 0x02 -> new Cjt188Unit("energy", "Wh", 0);
      case 0x05 -> new Cjt188Unit("energy", "kWh", 0);
      case 0x08 -> new Cjt188Unit("energy", "MWh", 0);
      case 0x0A -> new Cjt188Unit("energy", "MWh", 2);
      case 0x01 -> new Cjt188Unit("energy", "J", 0);
      case 0x0B -> new Cjt188Unit("energy", "kJ", 0);
      case 0x0E -> new Cjt188Unit("energy", "MJ", 0);
      case 0x11 -> new Cjt188Unit("energy", "GJ", 0);
      case 0x13 -> new Cjt188Unit("energy", "GJ", 2);
      case 0x14 -> new Cjt188Unit("power", "W", 0);
      case 0x17 -> new Cjt188Unit("power", "kW", 0);
      case 0x1A -> new Cjt188Unit("power", "MW", 0);
      case 0x29 -> new Cjt188Unit("volume", "l", 0);
      case 0x2C -> new Cjt188Unit("volume", "m3", 0);
      case 0x32 -> new Cjt188Unit("flow", "l/h", 0);
      case 0x35 -> new Cjt188Unit("flow", "m3/h", 0);
      default -> null;
    };
  }
}
