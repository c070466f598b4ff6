package io.verge.drivers.sds011;

import io.verge.bytes.Checksums;
import io.verge.bytes.Decoded;
import io.verge.driver.Framer;
import io.verge.driver.Framing;
import java.util.Arrays;

/** Frames of the SDS011; the layout is in the package's description. */
final class Sds011Codec {
  static final int LENGTH = 10;
  static final int COMMAND_LENGTH = 19;
  static final int HEAD = 0xAA;
  static final int TAIL = 0xAB;
  static final int DATA = 0xC0;
  static final int ANSWER = 0xC5;
  static final int DATA_SDS198 = 0xCF;
  static final int COMMAND = 0xB4;

  static final Framer FRAMER = Sds011Codec::examine;

  private static final int SLEEP = 6;

  private Sds011Codec() {}

  private static Framing examine(byte[] received, int length) {
    if (length > 0 && (received[0] & 0xFF) != HEAD || length > 1 && (received[1] & 0xFF) != DATA) {
      return Framing.skip(1);
    }
    if (length < LENGTH) {
      return Framing.needMore();
    }
    return check(Arrays.copyOf(received, LENGTH)).isValid()
        ? Framing.complete(LENGTH)
        : Framing.skip(1);
  }

  /** Checks a whole frame, from the sensor or to it. */
  static Decoded<byte[]> check(byte[] frame) {
    if (frame.length < 2) {
      return Decoded.invalid("ends early, in its head", frame.length);
    }
    if ((frame[0] & 0xFF) != HEAD) {
      return Decoded.invalid(String.format("starts with %02X, expected AA", frame[0] & 0xFF), 0);
    }
    int kind = frame[1] & 0xFF;
    if (kind != DATA && kind != ANSWER && kind != DATA_SDS198 && kind != COMMAND) {
      return Decoded.invalid(String.format("kind %02X, expected C0, C5, CF or B4", kind), 1);
    }
    int length = kind == COMMAND ? COMMAND_LENGTH : LENGTH;
    if (frame.length != length) {
      return Decoded.invalid(
          "frame of " + frame.length + " bytes, expected " + length,
          Math.min(frame.length, length));
    }
    if ((frame[length - 1] & 0xFF) != TAIL) {
      return Decoded.invalid(
          String.format("ends with %02X, expected AB", frame[length - 1] & 0xFF), length - 1);
    }
    int sum = Checksums.sum8(frame, 2, length - 2);
    return sum == (frame[length - 2] & 0xFF)
        ? Decoded.valid(frame)
        : Decoded.invalid(
            String.format("checksum %02X, expected %02X", frame[length - 2] & 0xFF, sum),
            length - 2);
  }

  /** To any sensor: wake up, or sleep with fan and laser off. */
  static byte[] work(boolean awake) {
    byte[] frame = new byte[COMMAND_LENGTH];
    frame[0] = (byte) HEAD;
    frame[1] = (byte) COMMAND;
    frame[2] = SLEEP;
    frame[3] = 1;
    frame[4] = (byte) (awake ? 1 : 0);
    frame[15] = (byte) 0xFF;
    frame[16] = (byte) 0xFF;
    frame[17] = (byte) Checksums.sum8(frame, 2, 17);
    frame[18] = (byte) TAIL;
    return frame;
  }

  static int word(byte[] frame, int at) {
    return frame[at] & 0xFF | (frame[at + 1] & 0xFF) << 8;
  }

  /** PM2.5 of a checked data frame, in 0.1 ug/m3. */
  static int pm25(byte[] frame) {
    return word(frame, 2);
  }

  /** PM10 of a checked data frame, in 0.1 ug/m3. */
  static int pm10(byte[] frame) {
    return word(frame, 4);
  }
}
