package io.verge.wire;

import io.verge.bytes.Decoded;

/** Skeleton. */
public final class CommandCodec {
  private CommandCodec() {}

  public static byte[] encode(io.verge.model.Command command) {
    throw new UnsupportedOperationException();
  }

  public static Decoded<io.verge.model.Command> decode(byte[] message, String origin) {
    throw new UnsupportedOperationException();
  }
}
