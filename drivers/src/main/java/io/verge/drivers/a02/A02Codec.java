package io.verge.drivers.a02;

import io.verge.bytes.Checksums;
import io.verge.driver.Framer;
import io.verge.driver.Framing;

/** Frames of the A02 family; the layout is in the package's description. */
final class A02Codec {
  static final int FRAME_LENGTH = 4;
  static final int START = 0xFF;

  /**
   * Finds frames by their checksum, not by the start byte: the distance's high byte can be FF too.
   * A stray byte that makes a false frame passes the 8-bit sum once in 256; the median of several
   * echoes takes that out.
   */
  static final Framer FRAMER = (received, length) -> examine(received, length, 0);

  /** Some JSN-SR04T V3 firmwares leave FF out of the sum. */
  static final Framer FRAMER_WITHOUT_START = (received, length) -> examine(received, length, 1);

  /** Asks a JSN-SR04T of mode "on demand" for one distance. */
  static final byte[] ASK = {0x55};

  private A02Codec() {}

  private static Framing examine(byte[] received, int length, int sumFrom) {
    if (length > 0 && (received[0] & 0xFF) != START) {
      return Framing.skip(1);
    }
    if (length < FRAME_LENGTH) {
      return Framing.needMore();
    }
    return Checksums.sum8(received, sumFrom, 3) == (received[3] & 0xFF)
        ? Framing.complete(FRAME_LENGTH)
        : Framing.skip(1);
  }

  static boolean isChecked(byte[] frame) {
    return Checksums.sum8(frame, 0, 3) == (frame[3] & 0xFF);
  }

  /** Distance in millimetres of a checked frame; 0 means the sensor heard no echo. */
  static int distanceMm(byte[] frame) {
    return (frame[1] & 0xFF) << 8 | frame[2] & 0xFF;
  }
}
