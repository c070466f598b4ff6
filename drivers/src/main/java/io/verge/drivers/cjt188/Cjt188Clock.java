package io.verge.drivers.cjt188;

import io.verge.drivers.wire.bcd.Bcd;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import org.jspecify.annotations.Nullable;

/** A meter's clock: ss mm hh DD MM YY CC, BCD. */
final class Cjt188Clock {
  private Cjt188Clock() {}

  /** The meter's local time, or null if the bytes are none: many meters have no clock. */
  static @Nullable LocalDateTime of(byte[] data, int at) {
    int[] parts = new int[Cjt188Reading.CLOCK_BYTES];
    for (int i = 0; i < parts.length; i++) {
      parts[i] = (int) Bcd.number(data, at + i, at + i + 1);
    }
    try {
      return LocalDateTime.of(
          parts[6] * 100 + parts[5], parts[4], parts[3], parts[2], parts[1], parts[0]);
    } catch (DateTimeException e) {
      return null;
    }
  }
}
