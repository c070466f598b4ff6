package io.verge.drivers.cjt188;

import io.verge.driver.Framer;
import io.verge.driver.Framing;
import java.util.Arrays;

/**
 * Accepts the one answer that fits a request: type, address, control code, DI in either order and
 * SER. Echoes carry the request's control code and are skipped.
 */
final class Cjt188Framer implements Framer {
  private final byte[] request;
  private final int at;

  /**
   * @param request as sent.
   * @param wake bytes FE before its 68.
   */
  Cjt188Framer(byte[] request, int wake) {
    this.request = request;
    this.at = wake;
  }

  @Override
  public Framing examine(byte[] received, int length) {
    for (int i = 0; i < Math.min(length, Cjt188Codec.HEAD); i++) {
      if (!fits(i, received[i] & 0xFF)) {
        return Framing.skip(1);
      }
    }
    if (length < Cjt188Codec.HEAD) {
      return Framing.needMore();
    }
    int whole = Cjt188Codec.HEAD + (received[10] & 0xFF) + Cjt188Codec.TAIL;
    if (length < whole) {
      return Framing.needMore();
    }
    byte[] frame = Arrays.copyOf(received, whole);
    return Cjt188Codec.frame(frame).isValid() && answers(frame)
        ? Framing.complete(whole)
        : Framing.skip(1);
  }

  /** Whether a byte of the head may be this one. */
  private boolean fits(int offset, int found) {
    int asked = request[at + offset] & 0xFF;
    if (offset == 0) {
      return found == Cjt188Codec.START;
    }
    if (offset < 9) {
      return found == asked || asked == Cjt188Codec.ANY;
    }
    return offset == 9
        ? found == (asked | Cjt188Codec.ANSWER) || found == (asked | Cjt188Codec.REFUSAL)
        : found <= Cjt188Codec.DATA_MAX;
  }

  /** Some meters give AA for any SER; a refusal has no DI. */
  private boolean answers(byte[] frame) {
    int data = Cjt188Codec.HEAD;
    boolean refusal = (frame[9] & Cjt188Codec.REFUSAL) == Cjt188Codec.REFUSAL;
    int ser = refusal ? data : data + 2;
    if (frame.length - Cjt188Codec.TAIL <= ser) {
      return false;
    }
    int asked = request[at + data + 2] & 0xFF;
    int found = frame[ser] & 0xFF;
    if (found != asked && found != Cjt188Codec.ANY) {
      return false;
    }
    byte first = request[at + data];
    byte second = request[at + data + 1];
    return refusal
        || frame[data] == first && frame[data + 1] == second
        || frame[data] == second && frame[data + 1] == first;
  }
}
