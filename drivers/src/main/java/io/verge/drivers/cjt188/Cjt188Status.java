package io.verge.drivers.cjt188;

/**
 * ST0 and ST1 of a water meter.
 *
 * @param first ST0: bits 0-1 valve (00 open, 01 closed, 11 abnormal), bit 2 battery low, 5-7 the
 *     maker's.
 * @param second ST1: the maker's.
 */
record Cjt188Status(int first, int second) {
  static final int OPEN = 0;
  static final int CLOSED = 1;
  static final int ABNORMAL = 3;

  /**
   * @param mirrored some makers count the bits from the other end: valve in bits 7-6, battery bit 5
   *     (sdqr energy node, cj188.h).
   */
  int valve(boolean mirrored) {
    return mirrored ? first >> 6 & 3 : first & 3;
  }

  boolean batteryLow(boolean mirrored) {
    return (first & (mirrored ? 0x20 : 0x04)) != 0;
  }

  /** {@code open}, {@code closed}, {@code reserved} or {@code abnormal}. */
  static String word(int valve) {
    return switch (valve) {
      case OPEN -> "open";
      case CLOSED -> "closed";
      case ABNORMAL -> "abnormal";
      default -> "reserved";
    };
  }
}
