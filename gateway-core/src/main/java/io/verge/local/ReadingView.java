package io.verge.local;

import io.verge.model.PointType;
import io.verge.model.Quality;
import io.verge.model.Sample;
import java.math.BigDecimal;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One value of one point in a sample.
 *
 * @param value decimal text in {@code unit}; null: no value.
 */
public record ReadingView(String point, @Nullable String value, String unit, String quality) {
  public static ReadingView of(PointType type, long value, Quality quality) {
    return new ReadingView(type.name(), text(value, type.decimals()), type.unit(), word(quality));
  }

  /** A scaled integer as people read it: 1234 with one decimal is {@code 123.4}. */
  public static @Nullable String text(long value, int decimals) {
    return value == Sample.NONE ? null : BigDecimal.valueOf(value, decimals).toPlainString();
  }

  /** {@code good}, {@code bus-down} … */
  public static String word(Quality quality) {
    return quality.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
