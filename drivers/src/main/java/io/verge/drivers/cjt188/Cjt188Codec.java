package io.verge.drivers.cjt188;

import io.verge.bytes.Checksums;
import io.verge.bytes.Decoded;

/** Frames of CJ/T 188; the layout is in the package's description. */
final class Cjt188Codec {
  static final int START = 0x68;
  static final int STOP = 0x16;
  static final int HEAD = 11;
  static final int TAIL = 2;
  static final int ADDRESS_BYTES = 7;
  static final int ANY = 0xAA;

  /** Longest data of an answer. */
  static final int DATA_MAX = 100;

  /** Bytes FE, or an FF of a line that settles, before the first 68. */
  static final int PREAMBLE_MAX = 16;

  static final int READ = 0x01;
  static final int WRITE = 0x04;
  static final int ANSWER = 0x80;
  static final int REFUSAL = 0xC0;

  static final int DI_METER = 0x901F;
  static final int DI_VALVE = 0xA017;
  static final int VALVE_OPEN = 0x55;
  static final int VALVE_CLOSE = 0x99;

  private static final int WAKE = 0xFE;

  private Cjt188Codec() {}

  /** Checks a frame, with its preamble or without. */
  static Decoded<Cjt188Frame> frame(byte[] bytes) {
    int start = 0;
    while (start < bytes.length
        && start < PREAMBLE_MAX
        && ((bytes[start] & 0xFF) == WAKE || (bytes[start] & 0xFF) == 0xFF)) {
      start++;
    }
    if (bytes.length - start < HEAD + TAIL) {
      return Decoded.invalid("ends early: no whole head", bytes.length);
    }
    if (bytes[start] != START) {
      return Decoded.invalid(
          String.format("starts with %02X, expected 68", bytes[start] & 0xFF), start);
    }
    int length = bytes[start + HEAD - 1] & 0xFF;
    if (length > DATA_MAX) {
      return Decoded.invalid("length " + length + ", expected at most " + DATA_MAX, start + 10);
    }
    int whole = start + HEAD + length + TAIL;
    if (bytes.length != whole) {
      return Decoded.invalid(
          "frame of " + bytes.length + " bytes, its length field says " + whole,
          Math.min(bytes.length, whole));
    }
    int sum = Checksums.sum8(bytes, start, whole - TAIL);
    if ((bytes[whole - 2] & 0xFF) != sum) {
      return Decoded.invalid(
          String.format("checksum %02X, expected %02X", bytes[whole - 2] & 0xFF, sum), whole - 2);
    }
    return bytes[whole - 1] == STOP
        ? Decoded.valid(new Cjt188Frame(bytes, start))
        : Decoded.invalid(
            String.format("ends with %02X, expected 16", bytes[whole - 1] & 0xFF), whole - 1);
  }

  /**
   * @param address 7 bytes, low byte first.
   * @param wake bytes FE before the frame.
   */
  static byte[] request(int type, byte[] address, int control, byte[] data, int wake) {
    byte[] bytes = new byte[wake + HEAD + data.length + TAIL];
    for (int i = 0; i < wake; i++) {
      bytes[i] = (byte) WAKE;
    }
    bytes[wake] = START;
    bytes[wake + 1] = (byte) type;
    System.arraycopy(address, 0, bytes, wake + 2, ADDRESS_BYTES);
    bytes[wake + 9] = (byte) control;
    bytes[wake + 10] = (byte) data.length;
    System.arraycopy(data, 0, bytes, wake + HEAD, data.length);
    int end = bytes.length - TAIL;
    bytes[end] = (byte) Checksums.sum8(bytes, wake, end);
    bytes[end + 1] = STOP;
    return bytes;
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
