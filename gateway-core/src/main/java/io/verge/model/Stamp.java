package io.verge.model;

/**
 * When something happened, as well as the gateway knew at that moment.
 *
 * @param boot number of this boot of the machine, 32 bits, unsigned.
 * @param monoMs milliseconds since that boot.
 * @param utcMs milliseconds since 1970 UTC, or {@link #NO_UTC} while the clock was not trusted.
 * @param uncMs uncertainty of {@code utcMs}; 0 where there is none.
 */
public record Stamp(long boot, long monoMs, long utcMs, int uncMs) {
  public static final long NO_UTC = Long.MIN_VALUE;

  public boolean hasUtc() {
    return utcMs != NO_UTC;
  }
}
