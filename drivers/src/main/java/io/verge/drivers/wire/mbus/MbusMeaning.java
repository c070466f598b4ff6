package io.verge.drivers.wire.mbus;

import java.math.BigDecimal;

/**
 * What a value information block says: the number times {@code factor} is in {@code unit}.
 *
 * @param quantity for example {@code volume}; for a vendor's own, what is known of it.
 * @param unit empty for a plain number.
 * @param form how the data is to be read.
 * @param qualified whether an extension changes what is meant (per hour, limit, backward flow, …),
 *     so that the quantity's name alone would mislead.
 */
public record MbusMeaning(
    String quantity, String unit, BigDecimal factor, Form form, boolean qualified) {
  /** Forms of data under one VIF. */
  public enum Form {
    NUMBER,
    DATE,
    DATE_TIME
  }

  static MbusMeaning number(String quantity, String unit, int exponent) {
    return new MbusMeaning(
        quantity, unit, BigDecimal.ONE.scaleByPowerOfTen(exponent), Form.NUMBER, false);
  }

  static MbusMeaning times(String quantity, String unit, long factor, int exponent) {
    return new MbusMeaning(
        quantity, unit, BigDecimal.valueOf(factor).scaleByPowerOfTen(exponent), Form.NUMBER, false);
  }

  MbusMeaning scaled(int exponent) {
    return new MbusMeaning(quantity, unit, factor.scaleByPowerOfTen(exponent), form, qualified);
  }

  MbusMeaning asQualified() {
    return new MbusMeaning(quantity, unit, factor, form, true);
  }
}
