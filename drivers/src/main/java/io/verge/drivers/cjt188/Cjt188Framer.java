package io.verge.drivers.cjt188;

import io.verge.driver.Framer;
import io.verge.driver.Framing;
import io.verge.drivers.wire.meter.MeterFrame;

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
    return MeterFrame.examine(
        received,
        length,
        Cjt188Codec.HEAD,
        this::fits,
        frame -> Cjt188Codec.frame(frame).isValid() && answers(frame));
  }

  /** Whether a byte of the head may be this one. */
  private boolean fits(int offset, int found) {
    int asked = request[at + offset] & 0xFF;
    if (offset == 0) {
      return found == MeterFrame.START;
    }
    if (offset < 9) {
      return found == asked || asked == MeterFrame.ANY;
    }
    return offset == 9
        ? found == (asked | MeterFrame.ANSWER) || found == (asked | MeterFrame.REFUSAL)
        : found <= Cjt188Codec.DATA_MAX;
  }

  /** Some meters give AA for any SER; a refusal has no DI. */
  private boolean answers(byte[] frame) {
    int data = Cjt188Codec.HEAD;
    boolean refusal = (frame[9] & MeterFrame.REFUSAL) == MeterFrame.REFUSAL;
    int ser = refusal ? data : data + 2;
    if (frame.length - MeterFrame.TAIL <= ser) {
      return false;
    }
    int asked = request[at + data + 2] & 0xFF;
    int found = frame[ser] & 0xFF;
    if (found != asked && found != MeterFrame.ANY) {
      return false;
    }
    byte first = request[at + data];
    byte second = request[at + data + 1];
    return refusal
        || frame[data] == first && frame[data + 1] == second
        || frame[data] == second && frame[data + 1] == first;
  }
}
