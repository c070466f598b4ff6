package io.verge.drivers.cjt188;

import io.verge.bytes.Decoded;
import io.verge.drivers.wire.meter.MeterFrame;

/** Frames of CJ/T 188; the layout is in the package's description. */
final class Cjt188Codec {
  static final int HEAD = 11;
  static final int ADDRESS_BYTES = 7;

  /** Longest data of an answer. */
  static final int DATA_MAX = 100;

  static final int READ = 0x01;
  static final int WRITE = 0x04;

  static final int DI_METER = 0x901F;
  static final int DI_VALVE = 0xA017;
  static final int VALVE_OPEN = 0x55;
  static final int VALVE_CLOSE = 0x99;

  private Cjt188Codec() {}

  /** Checks a frame, with its preamble or without. */
  static Decoded<Cjt188Frame> frame(byte[] bytes) {
    int start = MeterFrame.start(bytes);
    if (start < bytes.length && bytes[start] != MeterFrame.START) {
      return Decoded.invalid(
          String.format("starts with %02X, expected 68", bytes[start] & 0xFF), start);
    }
    int lengthAt = start + HEAD - 1;
    if (lengthAt < bytes.length && (bytes[lengthAt] & 0xFF) > DATA_MAX) {
      return Decoded.invalid(
          "length " + (bytes[lengthAt] & 0xFF) + ", expected at most " + DATA_MAX, lengthAt);
    }
    return MeterFrame.whole(bytes, start, HEAD).map(at -> new Cjt188Frame(bytes, at));
  }

  /**
   * @param address 7 bytes, low byte first.
   * @param wake bytes FE before the frame.
   */
  static byte[] request(int type, byte[] address, int control, byte[] data, int wake) {
    byte[] body = new byte[HEAD + data.length];
    body[0] = MeterFrame.START;
    body[1] = (byte) type;
    System.arraycopy(address, 0, body, 2, ADDRESS_BYTES);
    body[9] = (byte) control;
    body[10] = (byte) data.length;
    System.arraycopy(data, 0, body, HEAD, data.length);
    return MeterFrame.of(body, wake);
  }

  /** DI in one of its orders, SER, and what a write adds. */
  static byte[] data(int di, boolean highFirst, int ser, int... more) {
    byte[] data = new byte[3 + more.length];
    data[0] = (byte) (highFirst ? di >> 8 : di);
    data[1] = (byte) (highFirst ? di : di >> 8);
    data[2] = (byte) ser;
    for (int i = 0; i < more.length; i++) {
      data[3 + i] = (byte) more[i];
    }
    return data;
  }
}
