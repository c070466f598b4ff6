package io.verge.wire.senml;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * One resolved SenML record (RFC 8428, section 4.6), its name without the pack's base name.
 *
 * @param name letters, digits and {@code - : . / _}.
 * @param unit SenML unit, or empty.
 * @param seconds since 1970 UTC; below 2^28, relative to now (RFC 8428, section 4.5.3).
 * @param value exactly one of value and text is there.
 */
public record SenmlRecord(
    String name,
    String unit,
    BigDecimal seconds,
    @Nullable BigDecimal value,
    @Nullable String text) {
  public SenmlRecord {
    if ((value == null) == (text == null)) {
      throw new IllegalArgumentException(name + ": a value or a text, and not both");
    }
  }

  static SenmlRecord of(String name, String unit, BigDecimal seconds, BigDecimal value) {
    return new SenmlRecord(name, unit, seconds, value, null);
  }

  static SenmlRecord of(String name, BigDecimal seconds, String text) {
    return new SenmlRecord(name, "", seconds, null, text);
  }
}
