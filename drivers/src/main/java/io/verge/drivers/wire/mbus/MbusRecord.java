package io.verge.drivers.wire.mbus;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * One value of a telegram.
 *
 * @param offset of its first byte in the frame.
 * @param length of the whole record in bytes.
 * @param number in the unit of {@code meaning}; null where the value is text, a date, or no number.
 * @param text the value as text where it is no number; else empty.
 */
public record MbusRecord(
    int offset,
    int length,
    Function function,
    long storage,
    long tariff,
    long subunit,
    MbusMeaning meaning,
    @Nullable BigDecimal number,
    String text) {
  /** Bits 4 and 5 of the DIF. */
  public enum Function {
    INSTANTANEOUS("instantaneous"),
    MAXIMUM("maximum"),
    MINIMUM("minimum"),
    ERROR("during error"),
    VENDOR("vendor data");

    private final String word;

    Function(String word) {
      this.word = word;
    }

    public String word() {
      return word;
    }
  }

  /** Whether this is the meter's present value of its first and only register. */
  public boolean isPresent() {
    return function == Function.INSTANTANEOUS && storage == 0 && tariff == 0 && subunit == 0;
  }
}
