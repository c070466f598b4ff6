package io.verge.drivers.wire.dali;

import io.verge.bytes.Decoded;
import io.verge.driver.Answer;
import io.verge.driver.BusException;
import io.verge.driver.BusSession;
import io.verge.driver.Framer;
import io.verge.driver.Framing;

/**
 * Lunatone SCI (and Tridonic SCI2) on RS-232: five bytes each way, the last the XOR of the others.
 *
 * <pre>
 * to the master    control d0 d1 d2 xor   control: bits 0-3 kind, 4 twice, 5 echo, 6 identify, 7 monitor
 * from the master  status  d0 d1 d2 xor   status: bits 0-3 kind, 4-7 the master's number
 * kind  0 sent   1 sent, no answer   2 8 bit (d2)   3 16 bit (to: d0 d1, from: d1 d2)
 *       7 error (d2)   8 24 bit (d0 d1 d2)
 * </pre>
 *
 * The XOR lets one damaged frame in 256 through; a frame has no start byte.
 */
public final class SciMaster implements DaliMaster {
  static final int LENGTH = 5;
  static final int SENT = 0;
  static final int NO = 1;
  static final int BITS_8 = 2;
  static final int BITS_16 = 3;
  static final int ERROR = 7;
  static final int BITS_24 = 8;

  private static final int TWICE = 0x10;
  private static final int ECHO = 0x20;

  /** The first word of the master: sent, no answer, the answer, or an error. */
  static final Framer SPOKEN = framer(true);

  /** The answer, after the master said that it has sent. */
  static final Framer ANSWERED = framer(false);

  private static Framer framer(boolean sentEnds) {
    return (received, length) -> {
      if (length == 0) {
        return Framing.needMore();
      }
      int kind = received[0] & 0x0F;
      if (kind > BITS_24) {
        return Framing.skip(1);
      }
      if (length < LENGTH) {
        return Framing.needMore();
      }
      if (!isChecked(received)) {
        return Framing.skip(1);
      }
      boolean ends = kind == NO || kind == BITS_8 || kind == ERROR || kind == SENT && sentEnds;
      return ends ? Framing.complete(LENGTH) : Framing.skip(LENGTH);
    };
  }

  /** A request for a forward frame of 16 bit. */
  static byte[] request(int frame) {
    int control = ECHO | BITS_16 | (Dali.isTwice(frame) ? TWICE : 0);
    byte[] bytes = {(byte) control, (byte) (frame >> 8), (byte) frame, 0, 0};
    bytes[4] = (byte) (bytes[0] ^ bytes[1] ^ bytes[2] ^ bytes[3]);
    return bytes;
  }

  private static boolean isChecked(byte[] frame) {
    return (frame[0] ^ frame[1] ^ frame[2] ^ frame[3]) == frame[4];
  }

  /** A whole frame of either direction. */
  static Decoded<byte[]> check(byte[] frame) {
    if (frame.length != LENGTH) {
      return Decoded.invalid("SCI frame of " + frame.length + " bytes, expected 5", 0);
    }
    if (!isChecked(frame)) {
      return Decoded.invalid(
          String.format(
              "checksum %02X, expected %02X",
              frame[4], (frame[0] ^ frame[1] ^ frame[2] ^ frame[3]) & 0xFF),
          4);
    }
    int kind = frame[0] & 0x0F;
    return kind <= BITS_24
        ? Decoded.valid(frame)
        : Decoded.invalid("kind " + kind + ", expected 0..8", 0);
  }

  @Override
  public DaliReply send(BusSession bus, int frame) throws BusException {
    Answer spoken = bus.transact(request(frame), SPOKEN);
    if (!(spoken instanceof Answer.Frame first)) {
      return DaliReply.lost(spoken);
    }
    int kind = first.bytes()[0] & 0x0F;
    if (kind == BITS_8) {
      return unannounced(bus, first.bytes());
    }
    if (kind != SENT || !Dali.isQuery(frame)) {
      return reply(first.bytes());
    }
    Answer answer = bus.listen(ANSWERED, ANSWER_MS);
    if (answer instanceof Answer.Frame second) {
      return reply(second.bytes());
    }
    bus.miss();
    return answer instanceof Answer.Garbled ? DaliReply.lost(answer) : DaliReply.nothing();
  }

  /** Noise before a frame can look like an answer; the true one then still comes. */
  private static DaliReply unannounced(BusSession bus, byte[] first) throws BusException {
    Answer more = bus.listen(ANSWERED, ANSWER_MS);
    boolean other =
        more instanceof Answer.Garbled
            || more instanceof Answer.Frame frame && frame.bytes()[3] != first[3];
    return other ? DaliReply.collision() : reply(first);
  }

  private static DaliReply reply(byte[] frame) {
    return switch (frame[0] & 0x0F) {
      case BITS_8 -> DaliReply.value(frame[3] & 0xFF);
      case ERROR -> {
        int code = frame[3] & 0xFF;
        yield code == 3 || code == 5 ? DaliReply.collision() : DaliReply.fault(error(code));
      }
      default -> DaliReply.nothing();
    };
  }

  static String error(int code) {
    return switch (code) {
      case 1 -> "the master found a wrong checksum";
      case 2 -> "the DALI bus is shorted or has no power";
      case 3 -> "an answer was damaged on the DALI bus";
      case 4 -> "the master does not know the command";
      case 5 -> "frames collide on the DALI bus";
      default -> "error " + code + " of the master";
    };
  }
}
