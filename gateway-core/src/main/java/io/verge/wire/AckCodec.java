package io.verge.wire;

import io.verge.bytes.Decoded;

/** Skeleton. */
public final class AckCodec {
  private AckCodec() {}

  public static byte[] encode(Ack ack) {
    throw new UnsupportedOperationException();
  }

  public static Decoded<Ack> decode(byte[] message) {
    throw new UnsupportedOperationException();
  }
}
