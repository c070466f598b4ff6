package io.verge.drivers.modbus;

import io.verge.model.PointType;
import io.verge.model.Sample;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;

/**
 * What a sensor on a loop of 4 to 20 mA measures, read as the loop's current.
 *
 * @param type of what is measured.
 * @param current in units of 1 uA.
 * @param at4 the value at 4 mA, in the type's unit.
 * @param at20 the value at 20 mA.
 */
record LoopPoint(PointType type, RegisterPoint current, BigDecimal at4, BigDecimal at20)
    implements MapPoint {
  /** Decimals of an ampere that are microamperes. */
  static final int MICRO = 6;

  /** Beyond these the current is no value but a failure: NAMUR NE 43. */
  private static final long BROKEN_BELOW = 3600;

  private static final long SHORT_ABOVE = 21_000;
  private static final long ZERO = 4000;
  private static final BigDecimal SPAN = BigDecimal.valueOf(16_000);

  @Override
  public int function() {
    return current.function();
  }

  @Override
  public int register() {
    return current.register();
  }

  @Override
  public int words() {
    return current.words();
  }

  @Override
  public LoopPoint moved(int by) {
    return new LoopPoint(type, current.moved(by), at4, at20);
  }

  @Override
  public long value(int[] cells, int from) {
    long micro = current.value(cells, from);
    if (micro == Sample.NONE || micro < BROKEN_BELOW || micro > SHORT_ABOVE) {
      return Sample.NONE;
    }
    return at20.subtract(at4)
        .multiply(BigDecimal.valueOf(micro - ZERO))
        .divide(SPAN)
        .add(at4)
        .scaleByPowerOfTen(type.decimals())
        .setScale(0, RoundingMode.HALF_UP)
        .longValueExact();
  }

  @Override
  public String none(int[] cells, int from) {
    long micro = current.value(cells, from);
    if (micro == Sample.NONE) {
      return MapPoint.super.none(cells, from);
    }
    return String.format(
        Locale.ROOT,
        "%s: %.2f mA, the loop is %s",
        type.name(),
        micro / 1000.0,
        micro < BROKEN_BELOW ? "broken" : "shorted");
  }
}
