package io.verge.drivers.cjt188;

import io.verge.drivers.wire.bcd.Bcd;
import java.util.Arrays;

/**
 * A checked frame.
 *
 * @param bytes with what came before the first 68.
 * @param start offset of the first 68.
 */
record Cjt188Frame(byte[] bytes, int start) {
  int type() {
    return bytes[start + 1] & 0xFF;
  }

  /** 14 digits as written for people: maker's code, then number. */
  String address() {
    return Bcd.digits(bytes, start + 2, start + 9);
  }

  int control() {
    return bytes[start + 9] & 0xFF;
  }

  int dataFrom() {
    return start + Cjt188Codec.HEAD;
  }

  int dataTo() {
    return bytes.length - 2;
  }

  byte[] data() {
    return Arrays.copyOfRange(bytes, dataFrom(), dataTo());
  }

  /** Answer (bit 7) of a meter that refuses (bit 6). */
  boolean isRefusal() {
    return (control() & 0xC0) == 0xC0;
  }
}
