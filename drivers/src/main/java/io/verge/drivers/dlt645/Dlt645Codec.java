package io.verge.drivers.dlt645;

import io.verge.bytes.Decoded;
import io.verge.drivers.wire.meter.MeterFrame;
import java.util.StringJoiner;

/** Frames of DL/T 645; the layout is in the package's description. */
final class Dlt645Codec {
  static final int HEAD = 10;
  static final int ADDRESS_BYTES = 6;
  static final int OFFSET = 0x33;

  static final int READ = 0x11;
  static final int READ_ON = 0x12;
  static final int READ_1997 = 0x01;
  static final int READ_ON_1997 = 0x02;
  static final int MORE = 0x20;

  private Dlt645Codec() {}

  /** Checks a frame, with its preamble or without. */
  static Decoded<Dlt645Frame> frame(byte[] bytes) {
    int start = MeterFrame.start(bytes);
    for (int at : new int[] {start, start + 7}) {
      if (at < bytes.length && bytes[at] != MeterFrame.START) {
        return Decoded.invalid(String.format("%02X, expected 68", bytes[at] & 0xFF), at);
      }
    }
    return MeterFrame.whole(bytes, start, HEAD).map(at -> new Dlt645Frame(bytes, at));
  }

  /**
   * @param address 6 bytes, low byte first.
   * @param data before 33 is added.
   * @param wake bytes FE before the frame.
   */
  static byte[] request(byte[] address, int control, byte[] data, int wake) {
    byte[] body = new byte[HEAD + data.length];
    body[0] = MeterFrame.START;
    System.arraycopy(address, 0, body, 1, ADDRESS_BYTES);
    body[7] = MeterFrame.START;
    body[8] = (byte) control;
    body[9] = (byte) data.length;
    for (int i = 0; i < data.length; i++) {
      body[HEAD + i] = (byte) (data[i] + OFFSET);
    }
    return MeterFrame.of(body, wake);
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

  /** What the bits of a refusal's error byte say: {@code hardware-notes/dlt645.md}. */
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
