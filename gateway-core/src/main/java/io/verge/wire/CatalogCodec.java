package io.verge.wire;

import io.verge.bytes.Decoded;

/** Skeleton. */
public final class CatalogCodec {
  private CatalogCodec() {}

  public static byte[] encode(io.verge.model.Catalog catalog) {
    throw new UnsupportedOperationException();
  }

  public static Decoded<io.verge.model.Catalog> decode(byte[] message) {
    throw new UnsupportedOperationException();
  }
}
