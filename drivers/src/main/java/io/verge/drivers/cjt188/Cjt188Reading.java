package io.verge.drivers.cjt188;

import io.verge.bytes.Decoded;
import io.verge.drivers.wire.bcd.Bcd;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * Values of an answer to 901F. The standard's has 22 bytes of data: total, total of the settlement
 * day, clock and status. Shorter ones end sooner; longer ones go on with what only the maker knows.
 *
 * @param total null where the meter has none (all FF).
 * @param settled as {@code total}.
 * @param clock offset of 7 BCD bytes, or -1.
 * @param status null where there is none.
 * @param rest offset of bytes not understood, or the data's end.
 */
record Cjt188Reading(
    @Nullable Amount total,
    @Nullable Amount settled,
    int clock,
    @Nullable Cjt188Status status,
    int rest) {
  /** A number with its unit. */
  record Amount(BigDecimal value, Cjt188Unit unit) {}

  static final int CLOCK_BYTES = 7;
  private static final int HEAD = 3;
  private static final int AMOUNT = 5;
  private static final int STANDARD = 22;
  private static final int DECIMALS = 2;

  /**
   * @param data DI and SER first.
   */
  static Decoded<Cjt188Reading> of(byte[] data) {
    if (data.length < HEAD + AMOUNT) {
      return Decoded.invalid("answer of " + data.length + " data bytes, expected 8 or more", 0);
    }
    Decoded<Amount[]> total = amount(data, HEAD);
    if (total instanceof Decoded.Invalid<Amount[]> invalid) {
      return Decoded.invalid(invalid.reason(), invalid.offset());
    }
    Amount now = first(total);
    int at = HEAD + AMOUNT;
    if (data.length != STANDARD) {
      int left = data.length - at;
      boolean isStatus = left == 1 || left == 2;
      Cjt188Status status =
          isStatus ? new Cjt188Status(data[at] & 0xFF, left == 2 ? data[at + 1] & 0xFF : 0) : null;
      return Decoded.valid(new Cjt188Reading(now, null, -1, status, isStatus ? data.length : at));
    }
    Decoded<Amount[]> settled = amount(data, at);
    if (settled instanceof Decoded.Invalid<Amount[]> invalid) {
      return Decoded.invalid(invalid.reason(), invalid.offset());
    }
    at += AMOUNT;
    int status = at + CLOCK_BYTES;
    return Decoded.valid(
        new Cjt188Reading(
            now,
            first(settled),
            at,
            new Cjt188Status(data[status] & 0xFF, data[status + 1] & 0xFF),
            STANDARD));
  }

  private static @Nullable Amount first(Decoded<Amount[]> found) {
    Amount[] one = found.orThrow();
    return one.length == 0 ? null : one[0];
  }

  /** One amount, or none where the meter has none. */
  private static Decoded<Amount[]> amount(byte[] data, int at) {
    if (Bcd.isAll(data, at, at + 4, 0xFF)) {
      return Decoded.valid(new Amount[0]);
    }
    long number = Bcd.number(data, at, at + 4);
    if (number == Bcd.NONE) {
      return Decoded.invalid(
          "total " + Bcd.digits(data, at, at + 4) + " is not a decimal number", at);
    }
    int code = data[at + 4] & 0xFF;
    Cjt188Unit unit = Cjt188Unit.of(code);
    if (unit == null) {
      return Decoded.invalid(String.format("unknown unit %02X", code), at + 4);
    }
    BigDecimal value = BigDecimal.valueOf(number, DECIMALS).scaleByPowerOfTen(unit.scale());
    return Decoded.valid(new Amount[] {new Amount(value, unit)});
  }
}
