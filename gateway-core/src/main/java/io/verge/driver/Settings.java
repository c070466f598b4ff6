package io.verge.driver;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One table of the configuration or of a profile, read key by key. Every wrong value is reported to
 * the person with file, line and column, all at once: an accessor that finds one reports it and
 * returns the fallback, so reading goes on. Keys nobody asked for are reported as unknown.
 */
public interface Settings {
  boolean has(String key);

  /** Text; reported as missing if absent and {@code fallback} is null (then "" is returned). */
  String text(String key, @Nullable String fallback);

  /** One of {@code words}; reported as missing if absent and {@code fallback} is null. */
  String word(String key, List<String> words, @Nullable String fallback);

  /**
   * Integer within bounds; {@code 0x} integers allowed; missing and no fallback: reported, {@code
   * least} returned.
   */
  long integer(String key, long least, long most, @Nullable Long fallback);

  /** Decimal (TOML integer or float, or text such as {@code "0.1"}). */
  BigDecimal decimal(String key, BigDecimal least, BigDecimal most, @Nullable BigDecimal fallback);

  boolean flag(String key, boolean fallback);

  /** Duration with unit, {@code "250ms"}, {@code "5s"}, {@code "15m"}, in milliseconds. */
  long millis(String key, long least, long most, @Nullable Long fallback);

  /** Tables of an array of tables; empty if absent. */
  List<Settings> tables(String key);

  /** Reports a problem of meaning at {@code key}: what was found, what is expected. */
  void reject(String key, String message, String hint);
}
