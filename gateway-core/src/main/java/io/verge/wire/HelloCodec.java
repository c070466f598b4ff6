package io.verge.wire;

import io.verge.bytes.Decoded;

/** Skeleton. */
public final class HelloCodec {
  private HelloCodec() {}

  public static byte[] encode(Hello hello) {
    throw new UnsupportedOperationException();
  }

  public static Decoded<Hello> decode(byte[] message) {
    throw new UnsupportedOperationException();
  }
}
