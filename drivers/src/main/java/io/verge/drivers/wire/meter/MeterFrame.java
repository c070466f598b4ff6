package io.verge.drivers.wire.meter;

import io.verge.bytes.Checksums;
import io.verge.bytes.Decoded;
import io.verge.driver.Framing;
import java.util.Arrays;
import java.util.function.Predicate;

/** What is the same in the frames of both standards. Static functions. */
public final class MeterFrame {
  public static final int START = 0x68;
  public static final int STOP = 0x16;

  /** The sum and {@link #STOP}. */
  public static final int TAIL = 2;

  /** A byte of an address that stands for any. */
  public static final int ANY = 0xAA;

  /** Bits an answer has beside the request's control code, and a refusal. */
  public static final int ANSWER = 0x80;

  public static final int REFUSAL = 0xC0;

  private static final int WAKE = 0xFE;

  /** Bytes FE, or an FF of a line that settles, before the first 68. */
  private static final int PREAMBLE_MAX = 16;

  /** So many bytes that fit a head, and of which not any byte would, are no accident. */
  private static final int TELLING_LEAST = 3;

  private MeterFrame() {}

  /** Whether a byte of the head, from its 68 on, may be this one. */
  @FunctionalInterface
  public interface Fit {
    boolean fits(int offset, int found);
  }

  /** Where the frame begins after its preamble. */
  public static int start(byte[] bytes) {
    int start = 0;
    while (start < bytes.length
        && start < PREAMBLE_MAX
        && ((bytes[start] & 0xFF) == WAKE || (bytes[start] & 0xFF) == 0xFF)) {
      start++;
    }
    return start;
  }

  /**
   * Checks that the frame is whole: its length, its sum, and its end.
   *
   * @param start where its 68 is.
   * @param head its bytes before the data; the last is the data's length.
   * @return {@code start}, or the reason.
   */
  public static Decoded<Integer> whole(byte[] bytes, int start, int head) {
    if (bytes.length - start < head + TAIL) {
      return Decoded.invalid("ends early: no whole head", bytes.length);
    }
    int whole = start + head + (bytes[start + head - 1] & 0xFF) + TAIL;
    if (bytes.length != whole) {
      return Decoded.invalid(
          "frame of " + bytes.length + " bytes, its length field says " + whole,
          Math.min(bytes.length, whole));
    }
    int sum = Checksums.sum8(bytes, start, whole - TAIL);
    if ((bytes[whole - 2] & 0xFF) != sum) {
      return Decoded.invalid(
          String.format("checksum %02X, expected %02X", bytes[whole - 2] & 0xFF, sum), whole - 2);
    }
    return bytes[whole - 1] == STOP
        ? Decoded.valid(start)
        : Decoded.invalid(
            String.format("ends with %02X, expected 16", bytes[whole - 1] & 0xFF), whole - 1);
  }

  /**
   * A frame to send.
   *
   * @param body from 68 to the end of the data.
   * @param wake bytes FE before it.
   */
  public static byte[] of(byte[] body, int wake) {
    byte[] bytes = new byte[wake + body.length + TAIL];
    Arrays.fill(bytes, 0, wake, (byte) WAKE);
    System.arraycopy(body, 0, bytes, wake, body.length);
    bytes[bytes.length - 2] = (byte) Checksums.sum8(body, 0, body.length);
    bytes[bytes.length - 1] = STOP;
    return bytes;
  }

  /**
   * Finds a frame by its head and its length.
   *
   * @param answers whether a frame of that length is checked, and the answer.
   */
  public static Framing examine(
      byte[] received, int length, int head, Fit fit, Predicate<byte[]> answers) {
    for (int i = 0; i < Math.min(length, head); i++) {
      if (!fit.fits(i, received[i] & 0xFF)) {
        return Framing.skip(1);
      }
    }
    if (length < head) {
      return Framing.needMore();
    }
    int whole = head + (received[head - 1] & 0xFF) + TAIL;
    if (length < whole) {
      return Framing.needMore();
    }
    if (!answers.test(Arrays.copyOf(received, whole))) {
      return Framing.skip(1);
    }
    int another = another(received, whole, head, fit);
    return another < whole ? Framing.skip(another) : Framing.complete(whole);
  }

  /**
   * Where in a frame the head of another answer begins: what looks whole is then an answer that
   * ended early with the begin of a late one, and a sum of 8 bits believes one in 256 of those.
   *
   * @return {@code whole} if nowhere.
   */
  private static int another(byte[] received, int whole, int head, Fit fit) {
    for (int from = 1; from < whole; from++) {
      int at = from;
      int telling = 0;
      for (; at < whole && at - from < head; at++) {
        int found = received[at] & 0xFF;
        if (!fit.fits(at - from, found)) {
          break;
        }
        telling += fit.fits(at - from, ~found & 0xFF) ? 0 : 1;
      }
      if ((at == whole || at - from == head) && telling >= TELLING_LEAST) {
        return from;
      }
    }
    return whole;
  }
}
