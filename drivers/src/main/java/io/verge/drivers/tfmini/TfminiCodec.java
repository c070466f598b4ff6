package io.verge.drivers.tfmini;

import io.verge.bytes.Checksums;
import io.verge.bytes.Decoded;
import io.verge.driver.Framer;
import io.verge.driver.Framing;
import io.verge.drivers.wire.container.FillDriver;

/** Frames of the TFmini; the layout is in the package's description. */
final class TfminiCodec {
  static final int LENGTH = 9;
  static final int START = 0x59;

  /** Strengths up to this are too weak to believe; the manual's own limit. */
  static final int WEAK = 100;

  static final int SATURATED = 0xFFFF;

  static final Framer FRAMER = TfminiCodec::examine;

  private TfminiCodec() {}

  private static Framing examine(byte[] received, int length) {
    if (length > 0 && received[0] != START || length > 1 && received[1] != START) {
      return Framing.skip(1);
    }
    if (length < LENGTH) {
      return Framing.needMore();
    }
    return Checksums.sum8(received, 0, LENGTH - 1) == (received[LENGTH - 1] & 0xFF)
        ? Framing.complete(LENGTH)
        : Framing.skip(1);
  }

  static Decoded<byte[]> check(byte[] frame) {
    if (frame.length != LENGTH) {
      return Decoded.invalid("frame of " + frame.length + " bytes, expected 9", 0);
    }
    for (int i = 0; i < 2; i++) {
      if (frame[i] != START) {
        return Decoded.invalid(String.format("%02X, expected 59", frame[i] & 0xFF), i);
      }
    }
    int sum = Checksums.sum8(frame, 0, LENGTH - 1);
    return sum == (frame[8] & 0xFF)
        ? Decoded.valid(frame)
        : Decoded.invalid(String.format("checksum %02X, expected %02X", frame[8] & 0xFF, sum), 8);
  }

  /** In cm; negative where the sensor says that it has none. */
  static int distanceCm(byte[] frame) {
    return (short) word(frame, 2);
  }

  static int strength(byte[] frame) {
    return word(frame, 4);
  }

  /** Chip temperature in 0.1 degrees, rounded down. */
  static int temperatureTenths(byte[] frame) {
    return Math.floorDiv(10 * word(frame, 6), 8) - 2560;
  }

  private static int word(byte[] frame, int at) {
    return frame[at] & 0xFF | (frame[at + 1] & 0xFF) << 8;
  }

  /** Millimetres of a checked frame, or {@link FillDriver#NO_ECHO}. */
  static int distanceMm(byte[] frame) {
    int distance = distanceCm(frame);
    boolean weak = strength(frame) <= WEAK || strength(frame) == SATURATED;
    return distance <= 0 || weak ? FillDriver.NO_ECHO : distance * 10;
  }
}
