package io.verge.drivers.pms;

import io.verge.bytes.Decoded;
import io.verge.driver.Framer;
import io.verge.driver.Framing;
import java.util.Arrays;

/** Frames of the Plantower family; the layout is in the package's description. */
final class PmsCodec {
  static final int FIRST = 0x42;
  static final int SECOND = 0x4D;
  static final int HEAD = 4;
  static final int COMMAND_LENGTH = 7;
  static final int ANSWER_BODY = 4;
  static final int BODY_PMS3003 = 20;
  static final int BODY = 28;
  static final int BODY_LONGEST = 36;

  /** Command E4 with 1: wake up; with 0: sleep. */
  static final int SLEEP = 0xE4;

  static final Framer FRAMER = PmsCodec::examine;

  private PmsCodec() {}

  private static Framing examine(byte[] received, int length) {
    if (length > 0 && received[0] != FIRST || length > 1 && received[1] != SECOND) {
      return Framing.skip(1);
    }
    if (length < HEAD) {
      return Framing.needMore();
    }
    int body = word(received, 2);
    if (!isData(body)) {
      return Framing.skip(1);
    }
    if (length < HEAD + body) {
      return Framing.needMore();
    }
    return data(Arrays.copyOf(received, HEAD + body)).isValid()
        ? Framing.complete(HEAD + body)
        : Framing.skip(1);
  }

  static boolean isData(int body) {
    return body == BODY || body == BODY_PMS3003 || body == BODY_LONGEST;
  }

  /** Checks a whole data frame. */
  static Decoded<byte[]> data(byte[] frame) {
    if (frame.length < HEAD) {
      return Decoded.invalid("ends early, in its head", frame.length);
    }
    int body = word(frame, 2);
    if (!isData(body)) {
      return Decoded.invalid("length " + body + ", expected 20, 28 or 36", 2);
    }
    return whole(frame, HEAD + body);
  }

  /** Checks start, length and sum of any frame. */
  static Decoded<byte[]> whole(byte[] frame, int expected) {
    if (frame.length > 0 && frame[0] != FIRST || frame.length > 1 && frame[1] != SECOND) {
      return Decoded.invalid("does not start with 42 4D", frame[0] == FIRST ? 1 : 0);
    }
    if (frame.length != expected) {
      return Decoded.invalid(
          "frame of " + frame.length + " bytes, expected " + expected,
          Math.min(frame.length, expected));
    }
    int sum = sum(frame);
    int found = word(frame, expected - 2);
    return found == sum
        ? Decoded.valid(frame)
        : Decoded.invalid(String.format("checksum %04X, expected %04X", found, sum), expected - 2);
  }

  private static int sum(byte[] frame) {
    int sum = 0;
    for (int i = 0; i < frame.length - 2; i++) {
      sum += frame[i] & 0xFF;
    }
    return sum & 0xFFFF;
  }

  static byte[] command(int command, int value) {
    byte[] frame = new byte[COMMAND_LENGTH];
    frame[0] = FIRST;
    frame[1] = SECOND;
    frame[2] = (byte) command;
    frame[3] = (byte) (value >> 8);
    frame[4] = (byte) value;
    int sum = sum(frame);
    frame[5] = (byte) (sum >> 8);
    frame[6] = (byte) sum;
    return frame;
  }

  static int word(byte[] frame, int at) {
    return (frame[at] & 0xFF) << 8 | frame[at + 1] & 0xFF;
  }

  /** PM1.0, PM2.5 or PM10 (0..2) under atmospheric conditions, ug/m3. */
  static int atmospheric(byte[] frame, int which) {
    return word(frame, 10 + 2 * which);
  }

  /** Error code; 0 is none. */
  static int error(byte[] frame) {
    return frame.length == HEAD + BODY ? frame[29] & 0xFF : 0;
  }

  /** Whether a frame with particle counts says that not one was counted. */
  static boolean countsNothing(byte[] frame) {
    return frame.length > HEAD + BODY_PMS3003 && word(frame, 16) == 0;
  }
}
