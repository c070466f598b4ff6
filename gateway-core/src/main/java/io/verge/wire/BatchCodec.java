package io.verge.wire;

import io.verge.bytes.Decoded;

/** Skeleton. */
public final class BatchCodec {
  private BatchCodec() {}

  public static byte[] encode(Batch batch, io.verge.model.Catalog catalog) {
    throw new UnsupportedOperationException();
  }

  public static Decoded<Batch> decode(byte[] message, io.verge.model.Catalog catalog) {
    throw new UnsupportedOperationException();
  }

  public static Decoded<Batch.Head> head(byte[] message) {
    throw new UnsupportedOperationException();
  }
}
