package io.verge.drivers.wire.mbus;

/**
 * Dates and times of meters, in the meter's own local time; fields out of range are printed as they
 * came. Source: EN 13757-3, annex A, types F, G and I.
 */
final class MbusTimes {
  private MbusTimes() {}

  /** Type G: two bytes from {@code at} on. */
  static String date(byte[] data, int at) {
    return date(data, at, 0);
  }

  /**
   * A year has two digits; the hour's byte may say which hundred. Where it does not, 81..99 are the
   * last century's.
   */
  private static String date(byte[] data, int at, int hundreds) {
    int year = (data[at] & 0xE0) >>> 5 | (data[at + 1] & 0xF0) >>> 1;
    int century = hundreds == 0 && year <= 80 ? 2000 : 1900 + 100 * hundreds;
    return String.format("%04d-%02d-%02d", century + year, data[at + 1] & 0x0F, data[at] & 0x1F);
  }

  /** Type F: minute, hour, then a date. */
  static String minutes(byte[] data) {
    return String.format(
        "%sT%02d:%02d:00", date(data, 2, data[1] >>> 5 & 3), data[1] & 0x1F, data[0] & 0x3F);
  }

  /** Type I: second, minute, hour, then a date, then the week. */
  static String seconds(byte[] data) {
    return String.format(
        "%sT%02d:%02d:%02d", date(data, 3), data[2] & 0x1F, data[1] & 0x3F, data[0] & 0x3F);
  }
}
