package io.verge.store;

import io.verge.bytes.ByteReader;
import io.verge.bytes.ByteWriter;

/** What a driver keeps, as a blob: a count, then signed numbers. */
final class KeptNumbers {
  private static final int COUNT_MAX = 64;

  private KeptNumbers() {}

  static byte[] encode(long[] numbers) {
    ByteWriter out = new ByteWriter(32).varint(numbers.length);
    for (long number : numbers) {
      out.zigzag(number);
    }
    return out.toBytes();
  }

  /** Damaged bytes read as nothing kept: a driver then starts anew, and says so. */
  static long[] decode(byte[] blob) {
    ByteReader in = new ByteReader(blob, 0, blob.length);
    long[] numbers = new long[in.count(COUNT_MAX)];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = in.zigzag();
    }
    return in.isAtEnd() ? numbers : new long[0];
  }
}
