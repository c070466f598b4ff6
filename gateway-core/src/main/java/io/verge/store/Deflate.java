package io.verge.store;

import io.verge.bytes.Decoded;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** Raw DEFLATE (RFC 1951) of journal rows. */
final class Deflate {
  /** A commit is bounded by the inbox: 1,024 events of 64 KiB are the most. */
  private static final int BYTES_MAX = 1 << 26;

  private Deflate() {}

  /** Returns the bytes themselves where deflating does not shorten them. */
  static byte[] pack(byte[] bytes) {
    Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    try {
      deflater.setInput(bytes);
      deflater.finish();
      byte[] packed = new byte[bytes.length];
      int length = deflater.deflate(packed);
      return deflater.finished() && length < bytes.length ? Arrays.copyOf(packed, length) : bytes;
    } finally {
      deflater.end();
    }
  }

  static Decoded<byte[]> unpack(byte[] packed) {
    Inflater inflater = new Inflater(true);
    try {
      inflater.setInput(packed);
      byte[] bytes = new byte[Math.max(256, packed.length * 4)];
      int size = 0;
      while (!inflater.finished()) {
        if (size == bytes.length) {
          if (size >= BYTES_MAX) {
            return Decoded.invalid("inflates to more than " + BYTES_MAX + " bytes", 0);
          }
          bytes = Arrays.copyOf(bytes, size * 2);
        }
        int more = inflater.inflate(bytes, size, bytes.length - size);
        if (more == 0 && !inflater.finished()) {
          return Decoded.invalid("DEFLATE data ends early", packed.length);
        }
        size += more;
      }
      return inflater.getRemaining() == 0
          ? Decoded.valid(Arrays.copyOf(bytes, size))
          : Decoded.invalid(inflater.getRemaining() + " bytes after the DEFLATE data", 0);
    } catch (DataFormatException e) {
      return Decoded.invalid("not DEFLATE: " + e.getMessage(), 0);
    } finally {
      inflater.end();
    }
  }
}
