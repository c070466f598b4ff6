package io.verge.drivers.dlt645;

import io.verge.driver.Framer;
import io.verge.driver.Framing;
import java.util.Arrays;

/**
 * Accepts the one answer that fits a request: address, control code and DI (or the refusal of it).
 * By length and sum, never by the byte 16, which can be a sum or an address too.
 */
final class Dlt645Framer implements Framer {
  private final byte[] request;
  private final int at;
  private final int diBytes;

  /**
   * @param request as sent.
   * @param wake bytes FE before its 68.
   * @param diBytes bytes of its DI: 4, in 1997 2.
   */
  Dlt645Framer(byte[] request, int wake, int diBytes) {
    this.request = request;
    this.at = wake;
    this.diBytes = diBytes;
  }

  @Override
  public Framing examine(byte[] received, int length) {
    for (int i = 0; i < Math.min(length, Dlt645Codec.HEAD); i++) {
      if (!fits(i, received[i] & 0xFF)) {
        return Framing.skip(1);
      }
    }
    if (length < Dlt645Codec.HEAD) {
      return Framing.needMore();
    }
    int whole = Dlt645Codec.HEAD + (received[9] & 0xFF) + Dlt645Codec.TAIL;
    if (length < whole) {
      return Framing.needMore();
    }
    byte[] frame = Arrays.copyOf(received, whole);
    return Dlt645Codec.frame(frame).isValid() && answers(frame)
        ? Framing.complete(whole)
        : Framing.skip(1);
  }

  private boolean fits(int offset, int found) {
    int asked = request[at + offset] & 0xFF;
    return switch (offset) {
      case 0, 7 -> found == Dlt645Codec.START;
      case 8 ->
          (found & ~Dlt645Codec.MORE) == (asked | Dlt645Codec.ANSWER)
              || found == (asked | Dlt645Codec.REFUSAL);
      case 9 -> true;
      default -> found == asked || asked == Dlt645Codec.ANY;
    };
  }

  private boolean answers(byte[] frame) {
    int data = frame.length - Dlt645Codec.TAIL - Dlt645Codec.HEAD;
    if ((frame[8] & Dlt645Codec.REFUSAL) == Dlt645Codec.REFUSAL) {
      return data >= 1;
    }
    int from = Dlt645Codec.HEAD;
    return data >= diBytes
        && Arrays.equals(frame, from, from + diBytes, request, at + from, at + from + diBytes);
  }
}
