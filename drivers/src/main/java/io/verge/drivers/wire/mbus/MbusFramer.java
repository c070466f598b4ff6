package io.verge.drivers.wire.mbus;

import io.verge.driver.Framer;
import io.verge.driver.Framing;
import java.util.Arrays;

/** Finds the one answer that fits a request. Echoes of requests are neither, and are skipped. */
public final class MbusFramer implements Framer {
  /** The answer to SND_NKE and SND_UD. Collisions of several meters show as other bytes. */
  public static final Framer ACK =
      (received, length) -> {
        if (length == 0) {
          return Framing.needMore();
        }
        return (received[0] & 0xFF) == MbusCodec.ACK ? Framing.complete(1) : Framing.skip(1);
      };

  private static final int LONG_HEAD = 4;

  private final int address;

  /**
   * @param address the request's; 253 is answered from the meter's own primary address.
   */
  public MbusFramer(int address) {
    this.address = address;
  }

  /** Accepts RSP_UD from the address asked, in a checked long frame. */
  @Override
  public Framing examine(byte[] received, int length) {
    if (length == 0) {
      return Framing.needMore();
    }
    if (received[0] != MbusCodec.LONG_START) {
      return Framing.skip(1);
    }
    if (length < LONG_HEAD) {
      return Framing.needMore();
    }
    int data = received[1] & 0xFF;
    if (received[1] != received[2] || data < 3 || received[3] != MbusCodec.LONG_START) {
      return Framing.skip(1);
    }
    if (length > LONG_HEAD && (received[4] & MbusCodec.RSP_UD_MASK) != MbusCodec.RSP_UD) {
      return Framing.skip(1);
    }
    if (length > LONG_HEAD + 1
        && address <= MbusCodec.ADDRESS_MOST
        && (received[5] & 0xFF) != address) {
      return Framing.skip(1);
    }
    int whole = data + 6;
    if (length < whole) {
      return Framing.needMore();
    }
    if (!MbusCodec.frame(Arrays.copyOf(received, whole)).isValid()) {
      return Framing.skip(1);
    }
    int another = another(received, whole);
    return another < whole ? Framing.skip(another) : Framing.complete(whole);
  }

  /**
   * Where in a frame another answer of its length begins: the frame is then one that ended early
   * and the begin of a late one, of which a sum of 8 bits believes one in 256.
   */
  private static int another(byte[] received, int whole) {
    for (int from = LONG_HEAD; from < whole - LONG_HEAD; from++) {
      if (Arrays.equals(received, from, from + LONG_HEAD, received, 0, LONG_HEAD)
          && (received[from + LONG_HEAD] & MbusCodec.RSP_UD_MASK) == MbusCodec.RSP_UD) {
        return from;
      }
    }
    return whole;
  }
}
