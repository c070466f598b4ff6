package io.verge.peers;

import java.nio.charset.StandardCharsets;
import java.util.Random;

/**
 * The same readings for everybody: 90 series in turn, 50 a second, values that walk by single
 * steps.
 */
final class Payload {
  static final int SERIES = 90;
  static final int A_SECOND = 50;
  static final long BEGIN_UTC_MS = 1_790_000_000_000L;

  private final Random random = new Random(11);
  private final long[] values = new long[SERIES];
  private long taken = -1;

  /** Goes to the next reading. */
  void next() {
    taken++;
    values[series()] += random.nextInt(3) - 1;
  }

  int series() {
    return (int) (taken % SERIES);
  }

  long monoMs() {
    return taken * 1000 / A_SECOND;
  }

  long utcMs() {
    return BEGIN_UTC_MS + monoMs();
  }

  long value() {
    return values[series()];
  }

  String topic() {
    return String.format("city/gw1/s%03d", series());
  }

  /** As those send it that have no batches of their own. */
  byte[] json() {
    return ("{\"t\":" + utcMs() + ",\"v\":" + value() + ",\"q\":0}")
        .getBytes(StandardCharsets.US_ASCII);
  }
}
