package io.verge.drivers.wire.mbus;

import java.util.List;

/**
 * A meter's answer in the variable data structure (CI 72, or 7A and 78 with less of a header).
 *
 * @param more whether further telegrams follow (DIF 1F).
 * @param encrypted whether the records are: then there are none here.
 */
public record MbusTelegram(
    Header header, List<MbusRecord> records, boolean more, boolean encrypted) {
  /**
   * The 12 bytes before the records; what a shorter header leaves out is empty or 0.
   *
   * @param id eight digits as printed on the meter; letters where a nibble is no digit.
   * @param manufacturer three letters.
   * @param medium code of EN 13757-3: 06 warm water, 07 water, 16 cold water, …
   * @param status bits 0-1: 1 busy, 2 application error; 2 power low, 3 permanent error, 4
   *     temporary error, 5-7 the vendor's.
   */
  public record Header(
      String id,
      String manufacturer,
      int version,
      int medium,
      int access,
      int status,
      int signature) {}

  public MbusTelegram {
    records = List.copyOf(records);
  }
}
