package io.verge.drivers.dlt645;

import io.verge.drivers.wire.bcd.Bcd;
import io.verge.drivers.wire.meter.MeterFrame;

/**
 * A checked frame.
 *
 * @param bytes with what came before the first 68.
 * @param start offset of the first 68.
 */
record Dlt645Frame(byte[] bytes, int start) {
  /** 12 digits as written for people. */
  String address() {
    return Bcd.digits(bytes, start + 1, start + 7);
  }

  int control() {
    return bytes[start + 8] & 0xFF;
  }

  /** What is asked: 11, 12, …; 1997: 01, 02. */
  int function() {
    return control() & 0x1F;
  }

  boolean isAnswer() {
    return (control() & 0x80) != 0;
  }

  boolean isRefusal() {
    return (control() & 0xC0) == 0xC0;
  }

  boolean hasMore() {
    return isAnswer() && (control() & 0x20) != 0;
  }

  int dataFrom() {
    return start + Dlt645Codec.HEAD;
  }

  /** The data, without the 33 that each byte travels with. */
  byte[] data() {
    byte[] data = new byte[bytes.length - MeterFrame.TAIL - dataFrom()];
    for (int i = 0; i < data.length; i++) {
      data[i] = (byte) (bytes[dataFrom() + i] - Dlt645Codec.OFFSET);
    }
    return data;
  }
}
