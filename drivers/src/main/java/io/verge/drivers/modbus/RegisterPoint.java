package io.verge.drivers.modbus;

import io.verge.model.PointType;
import io.verge.model.Sample;
import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * A point and the registers it is read from.
 *
 * @param exponent the raw number times 10^exponent is the value in the point's unit.
 * @param none the bits, as an unsigned number, by which the device says that it has no value.
 * @param order where its bytes lie when it has more than one register.
 */
record RegisterPoint(
    PointType type,
    int function,
    int register,
    NumberType as,
    ByteOrder order,
    int exponent,
    long none)
    implements MapPoint {
  /** Stands for {@code none} where every number is one. */
  static final long NEVER = Long.MIN_VALUE;

  RegisterPoint(
      PointType type, int function, int register, NumberType as, ByteOrder order, int exponent) {
    this(type, function, register, as, order, exponent, NEVER);
  }

  /** How the registers of a number are laid out. */
  enum NumberType {
    U16(1),
    S16(1),
    U32(2),
    S32(2),
    U64(4),
    S64(4),
    F32(2),
    F64(4);

    private final int words;

    NumberType(int words) {
      this.words = words;
    }

    int words() {
      return words;
    }
  }

  /** The four orders of real devices; A is the most significant byte. */
  enum ByteOrder {
    ABCD(false, false),
    CDAB(true, false),
    BADC(false, true),
    DCBA(true, true);

    private final boolean lowWordFirst;
    private final boolean lowByteFirst;

    ByteOrder(boolean lowWordFirst, boolean lowByteFirst) {
      this.lowWordFirst = lowWordFirst;
      this.lowByteFirst = lowByteFirst;
    }
  }

  @Override
  public int words() {
    return as.words();
  }

  @Override
  public RegisterPoint moved(int by) {
    return new RegisterPoint(type, function, register + by, as, order, exponent, none);
  }

  /**
   * The value in the point's resolution, rounded half away from zero.
   *
   * @return {@link Sample#NONE} if the device sent no number (a NaN) or one out of range.
   */
  @Override
  public long value(int[] registers, int from) {
    long raw = 0;
    for (int i = 0; i < as.words(); i++) {
      int word = registers[order.lowWordFirst ? from + as.words() - 1 - i : from + i];
      raw = raw << 16 | (order.lowByteFirst ? (word & 0xFF) << 8 | word >>> 8 : word);
    }
    if (raw == none) {
      return Sample.NONE;
    }
    int shift = exponent + type.decimals();
    return switch (as) {
      case U16, U32 -> scaled(raw, shift);
      case S16 -> scaled((short) raw, shift);
      case S32 -> scaled((int) raw, shift);
      case U64 -> raw < 0 ? Sample.NONE : scaled(raw, shift);
      case S64 -> scaled(raw, shift);
      case F32 -> real(Float.intBitsToFloat((int) raw), shift);
      case F64 -> real(Double.longBitsToDouble(raw), shift);
    };
  }

  private static long scaled(long raw, int shift) {
    return shift == 0 ? raw : rounded(BigDecimal.valueOf(raw), shift);
  }

  private static long real(double number, int shift) {
    // Every finite float is a double and a decimal exactly: nothing is lost before the rounding.
    return Double.isFinite(number) ? rounded(new BigDecimal(number), shift) : Sample.NONE;
  }

  private static long rounded(BigDecimal number, int shift) {
    BigDecimal whole = number.scaleByPowerOfTen(shift).setScale(0, RoundingMode.HALF_UP);
    return whole.precision() > 18 ? Sample.NONE : whole.longValueExact();
  }
}
