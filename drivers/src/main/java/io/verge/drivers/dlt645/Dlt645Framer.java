package io.verge.drivers.dlt645;

import io.verge.driver.Framer;
import io.verge.driver.Framing;
import io.verge.drivers.wire.meter.MeterFrame;
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
    return MeterFrame.examine(
        received,
        length,
        Dlt645Codec.HEAD,
        this::fits,
        frame -> Dlt645Codec.frame(frame).isValid() && answers(frame));
  }

  private boolean fits(int offset, int found) {
    int asked = request[at + offset] & 0xFF;
    return switch (offset) {
      case 0, 7 -> found == MeterFrame.START;
      case 8 ->
          (found & ~Dlt645Codec.MORE) == (asked | MeterFrame.ANSWER)
              || found == (asked | MeterFrame.REFUSAL);
      case 9 -> true;
      default -> found == asked || asked == MeterFrame.ANY;
    };
  }

  private boolean answers(byte[] frame) {
    int data = frame.length - MeterFrame.TAIL - Dlt645Codec.HEAD;
    if ((frame[8] & MeterFrame.REFUSAL) == MeterFrame.REFUSAL) {
      return data >= 1;
    }
    int from = Dlt645Codec.HEAD;
    return data >= diBytes
        && Arrays.equals(frame, from, from + diBytes, request, at + from, at + from + diBytes);
  }
}
