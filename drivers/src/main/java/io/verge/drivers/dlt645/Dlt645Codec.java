package io.verge.drivers.dlt645;

import io.verge.bytes.Checksums;
import io.verge.bytes.Decoded;
import java.util.StringJoiner;

/** Frames of DL/T 645; the layout is in the package's description. */
final class Dlt645Codec {
  static final int START = 0x68;
  static final int STOP = 0x16;
  static final int HEAD = 10;
  static final int TAIL = 2;
  static final int ADDRESS_BYTES = 6;
  static final int ANY = 0xAA;
  static final int OFFSET = 0x33;

  /** The standard allows 200 bytes in an answer; the length byte cannot say more than this. */
  static final int DATA_MAX = 0xFF;

  static final int READ = 0x11;
  static final int READ_ON = 0x12;
  static final int READ_1997 = 0x01;
  static final int READ_ON_1997 = 0x02;
  static final int ANSWER = 0x80;
  static final int MORE = 0x20;
  static final int REFUSAL = 0xC0;

  private static final int WAKE = 0xFE;
  private static final int PREAMBLE_MAX = 16;

  private Dlt645Codec() {}

  /** Checks a frame, with its preamble or without. */
  static Decoded<Dlt645Frame> frame(byte[] bytes) {
    int start = 0;
    while (start < bytes.length
        && start < PREAMBLE_MAX
        && ((bytes[start] & 0xFF) == WAKE || (bytes[start] & 0xFF) == 0xFF)) {
      start++;
    }
    if (bytes.length - start < HEAD + TAIL) {
      return Decoded.invalid("ends early: no whole head", bytes.length);
    }
    for (int at : new int[] {start, start + 7}) {
      if (bytes[at] != START) {
        return Decoded.invalid(String.format("%02X, expected 68", bytes[at] & 0xFF), at);
      }
    }
    int whole = start + HEAD + (bytes[start + 9] & 0xFF) + TAIL;
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
        ? Decoded.valid(new Dlt645Frame(bytes, start))
        : Decoded.invalid(
            String.format("ends with %02X, expected 16", bytes[whole - 1] & 0xFF), whole - 1);
  }

  /**
   * @param address 6 bytes, low byte first.
   * @param data before 33 is added.
   * @param wake bytes FE before the frame.
   */
  static byte[] request(byte[] address, int control, byte[] data, int wake) {
    byte[] bytes = new byte[wake + HEAD + data.length + TAIL];
    for (int i = 0; i < wake; i++) {
      bytes[i] = (byte) WAKE;
    }
    bytes[wake] = START;
    System.arraycopy(address, 0, bytes, wake + 1, ADDRESS_BYTES);
    bytes[wake + 7] = START;
    bytes[wake + 8] = (byte) control;
    bytes[wake + 9] = (byte) data.length;
    for (int i = 0; i < data.length; i++) {
      bytes[wake + HEAD + i] = (byte) (data[i] + OFFSET);
    }
    int end = bytes.length - TAIL;
    bytes[end] = (byte) Checksums.sum8(bytes, wake, end);
    bytes[end + 1] = STOP;
    return bytes;
  }

  /** A DI as it travels, before 33 is added, and what follows it. */
  static byte[] di(long di, int bytes, int... more) {
    byte[] data = new byte[bytes + more.length];
    for (int i = 0; i < bytes; i++) {
      data[i] = (byte) (di >> 8 * i);
    }
    for (int i = 0; i < more.length; i++) {
      data[bytes + i] = (byte) more[i];
    }
    return data;
  }

  /** The DI at the begin of data. */
  static long di(byte[] data, int bytes) {
    long di = 0;
    for (int i = bytes - 1; i >= 0; i--) {
      di = di << 8 | data[i] & 0xFF;
    }
    return di;
  }

  /** What the bits of a refusal's error byte say: DL/T 645-2007, 7.1.6. */
  static String error(int bits) {
    String[] names = {
      "other error",
      "no such data",
      "password wrong or not authorised",
      "baud rate cannot be changed",
      "too many yearly zones",
      "too many daily slots",
      "too many tariffs"
    };
    StringJoiner text = new StringJoiner(", ");
    text.setEmptyValue(String.format("error %02X", bits));
    for (int i = 0; i < names.length; i++) {
      if ((bits >> i & 1) != 0) {
        text.add(names[i]);
      }
    }
    return text.toString();
  }
}
