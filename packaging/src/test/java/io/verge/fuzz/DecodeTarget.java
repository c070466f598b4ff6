package io.verge.fuzz;

import io.verge.bytes.Decoded;
import io.verge.driver.FrameDecoder;
import io.verge.driver.FrameDecoder.Explained;
import io.verge.driver.FrameDecoder.Field;
import java.util.Arrays;
import java.util.function.UnaryOperator;

/** What {@code verge decode} explains to a person. The first byte's lowest bit seals the rest. */
final class DecodeTarget implements Target {
  private final FrameDecoder decoder;
  private final UnaryOperator<byte[]> seal;

  DecodeTarget(FrameDecoder decoder) {
    this.decoder = decoder;
    this.seal = Seals.of(decoder.protocol());
  }

  @Override
  public void read(byte[] input) {
    if (input.length == 0) {
      return;
    }
    byte[] frame = Arrays.copyOfRange(input, 1, input.length);
    if ((input[0] & 1) != 0) {
      frame = seal.apply(frame);
    }
    Decoded<Explained> decoded = decoder.decode(frame);
    if (decoded instanceof Decoded.Valid<Explained> valid) {
      fieldsLieIn(frame, valid.value());
    } else if (decoded instanceof Decoded.Invalid<Explained> invalid) {
      Check.that(!invalid.reason().isEmpty(), "an invalid frame without a reason");
      Check.that(
          invalid.offset() >= 0 && invalid.offset() <= Math.max(frame.length, 1 << 20),
          "offset " + invalid.offset() + " of " + frame.length + " bytes");
    }
  }

  private static void fieldsLieIn(byte[] frame, Explained explained) {
    for (Field field : explained.fields()) {
      Check.that(
          field.offset() >= 0
              && field.length() >= 0
              && field.offset() + field.length() <= frame.length,
          field + " in " + frame.length + " bytes");
    }
    Check.that(explained.json().get("valid") != Boolean.FALSE, "valid, and its JSON says no");
  }

  /** An uplink message may inflate to 1 MiB, and be told in full. */
  @Override
  public long allowed(int length) {
    return "uplink".equals(decoder.protocol())
        ? WireTargets.INFLATED_ALLOWED
        : Target.super.allowed(length);
  }
}
