package io.verge.drivers.wire.dali;

import io.verge.bytes.Decoded;
import io.verge.driver.Answer;
import io.verge.driver.BusException;
import io.verge.driver.BusSession;
import io.verge.driver.Framer;
import io.verge.driver.Framing;
import java.util.Arrays;

/**
 * Lunatone LUBA on RS-232.
 *
 * <pre>
 * offset  size  field
 * 0       1     59
 * 1       1     command: 32 send, 33 taken (number, fill) or refused (code), 31 event, 20/21 device
 * 2       1     length of the payload, 1..23
 * 3       n     payload
 * 3+n     1     XOR from command to the end of payload
 *
 * 32  line, bits, mode (80: twice; bits 0-2 priority), d0 d1 d2 d3
 * 31  tick (2), line, status (bits 6-7 kind: 0 sent, 2 received; 0-5 bits, 62 stop bit, 63 damaged), then
 *     sent: number, frame; received: frame
 * </pre>
 */
public final class LubaMaster implements DaliMaster {
  static final int START = 0x59;
  static final int EVENT = 0x31;
  static final int SEND = 0x32;
  static final int TAKEN = 0x33;
  static final int PAYLOAD_MOST = 23;
  static final int KIND_SENT = 0;
  static final int KIND_RECEIVED = 2;
  static final int BITS_DAMAGED = 62;

  private static final int HEAD = 3;
  private static final int STATUS_AT = HEAD + 3;
  private static final int TWICE = 0x80;
  private static final int PRIORITY = 2;

  /** A frame waits for its turn behind others on a busy DALI bus. */
  private static final int SENT_MS = 1000;

  /** What a frame is, seen by its request. */
  private enum Role {
    TAKEN,
    SENT,
    RECEIVED,
    OTHER
  }

  @Override
  public DaliReply send(BusSession bus, int frame) throws BusException {
    Answer taken = bus.transact(request(frame), framer(Role.TAKEN, frame));
    if (!(taken instanceof Answer.Frame word)) {
      return DaliReply.lost(taken);
    }
    if (word.bytes()[2] == 1) {
      return DaliReply.fault("the master refuses the frame, code " + (word.bytes()[3] & 0xFF));
    }
    for (int times = Dali.isTwice(frame) ? 2 : 1; times > 0; times--) {
      Answer sent = bus.listen(framer(Role.SENT, frame), SENT_MS);
      if (!(sent instanceof Answer.Frame)) {
        bus.miss();
        return DaliReply.fault("the master did not send the frame: has the DALI bus power?");
      }
    }
    if (!Dali.isQuery(frame)) {
      return DaliReply.nothing();
    }
    Answer answer = bus.listen(framer(Role.RECEIVED, frame), ANSWER_MS);
    if (!(answer instanceof Answer.Frame event)) {
      return answer instanceof Answer.Silence ? DaliReply.nothing() : DaliReply.lost(answer);
    }
    int bits = event.bytes()[STATUS_AT] & 0x3F;
    if (bits >= BITS_DAMAGED) {
      return DaliReply.collision();
    }
    return bits == 8 && event.bytes().length == STATUS_AT + 3
        ? DaliReply.value(event.bytes()[STATUS_AT + 1] & 0xFF)
        : DaliReply.collision();
  }

  static byte[] request(int frame) {
    byte[] bytes = {
      START,
      SEND,
      7,
      0,
      16,
      (byte) (PRIORITY | (Dali.isTwice(frame) ? TWICE : 0)),
      (byte) (frame >> 8),
      (byte) frame,
      0,
      0,
      0
    };
    bytes[bytes.length - 1] = (byte) xor(bytes, bytes.length - 1);
    return bytes;
  }

  private static int xor(byte[] bytes, int to) {
    int xor = 0;
    for (int i = 1; i < to; i++) {
      xor ^= bytes[i];
    }
    return xor & 0xFF;
  }

  /** A whole frame and nothing after it. */
  static Decoded<byte[]> check(byte[] frame) {
    if (frame.length < HEAD || frame[0] != START) {
      return Decoded.invalid("no LUBA frame: expected 59, command, length", 0);
    }
    int payload = frame[2] & 0xFF;
    if (payload < 1 || payload > PAYLOAD_MOST) {
      return Decoded.invalid("payload of " + payload + " bytes, expected 1..23", 2);
    }
    if (frame.length != HEAD + payload + 1) {
      return Decoded.invalid(
          "frame of " + frame.length + " bytes, expected " + (HEAD + payload + 1), 2);
    }
    int at = HEAD + payload;
    int xor = xor(frame, at);
    return xor == (frame[at] & 0xFF)
        ? Decoded.valid(frame)
        : Decoded.invalid(String.format("checksum %02X, expected %02X", frame[at], xor), at);
  }

  /** A sending is told with what was sent: that of another frame is an earlier request's. */
  private static Framer framer(Role wanted, int asked) {
    return (received, length) -> {
      if (length == 0) {
        return Framing.needMore();
      }
      if (received[0] != START) {
        return Framing.skip(1);
      }
      if (length < HEAD) {
        return Framing.needMore();
      }
      int payload = received[2] & 0xFF;
      if (payload < 1 || payload > PAYLOAD_MOST) {
        return Framing.skip(1);
      }
      int whole = HEAD + payload + 1;
      if (length < whole) {
        return Framing.needMore();
      }
      byte[] frame = Arrays.copyOf(received, whole);
      if (!check(frame).isValid()) {
        return Framing.skip(1);
      }
      boolean isWanted = role(frame) == wanted && (wanted != Role.SENT || isSending(frame, asked));
      return isWanted ? Framing.complete(whole) : Framing.skip(whole);
    };
  }

  private static boolean isSending(byte[] frame, int asked) {
    return frame.length == STATUS_AT + 5
        && (frame[STATUS_AT + 2] & 0xFF) == asked >> 8
        && frame[STATUS_AT + 3] == (byte) asked;
  }

  private static Role role(byte[] frame) {
    if (frame[1] == TAKEN && frame[2] <= 2) {
      return Role.TAKEN;
    }
    if (frame[1] != EVENT || frame.length <= STATUS_AT + 1) {
      return Role.OTHER;
    }
    return switch (frame[STATUS_AT] >> 6 & 3) {
      case KIND_SENT -> Role.SENT;
      case KIND_RECEIVED -> Role.RECEIVED;
      default -> Role.OTHER;
    };
  }
}
