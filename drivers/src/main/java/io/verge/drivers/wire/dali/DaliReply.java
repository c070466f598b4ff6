package io.verge.drivers.wire.dali;

import io.verge.bytes.Hex;
import io.verge.driver.Answer;

/**
 * What became of a forward frame.
 *
 * @param value of the backward frame, with {@link Kind#VALUE}.
 * @param why for a failed exchange: what was found.
 */
public record DaliReply(Kind kind, int value, String why) {
  /** Six ends of an exchange. */
  public enum Kind {
    /** A backward frame. */
    VALUE,
    /** The frame was sent and nothing answered it: right for a command, "no" for a query. */
    NOTHING,
    /** Several gears answered at once, or the answer was damaged on the DALI bus. */
    COLLISION,
    /** The master says that it could not send. */
    FAULT,
    /** The master itself does not answer. */
    LOST,
    /** Bytes came from the master, but not in its protocol. */
    GARBLED
  }

  static DaliReply value(int value) {
    return new DaliReply(Kind.VALUE, value, "");
  }

  static DaliReply nothing() {
    return new DaliReply(Kind.NOTHING, 0, "");
  }

  static DaliReply collision() {
    return new DaliReply(Kind.COLLISION, 0, "answers collide on the DALI bus");
  }

  static DaliReply fault(String why) {
    return new DaliReply(Kind.FAULT, 0, why);
  }

  /** An earlier question's answer stands where this one's should. */
  static DaliReply late() {
    return new DaliReply(
        Kind.LOST, 0, "answers come late: none is believed until they are in step with questions");
  }

  /** Nothing answers where an answer of a known number should be. */
  static DaliReply absent() {
    return new DaliReply(Kind.LOST, 0, "the gear does not answer");
  }

  /** Of an answer without a frame. */
  static DaliReply lost(Answer answer) {
    return answer instanceof Answer.Garbled garbled
        ? new DaliReply(
            Kind.GARBLED,
            0,
            "the DALI master answers in no known form: "
                + Hex.spaced(garbled.bytes(), 0, Math.min(24, garbled.bytes().length)))
        : new DaliReply(Kind.LOST, 0, "the DALI master does not answer");
  }

  public boolean hasValue() {
    return kind == Kind.VALUE;
  }

  /** Whether the frame was on the DALI bus. */
  public boolean wasSent() {
    return kind == Kind.VALUE || kind == Kind.NOTHING || kind == Kind.COLLISION;
  }
}
