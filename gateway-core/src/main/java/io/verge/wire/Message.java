package io.verge.wire;

import io.verge.bytes.Decoded;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * The envelope of every message: a coding byte, then CBOR as it is ({@code 0x00}) or raw DEFLATE of
 * it (RFC 1951, {@code 0x01}).
 */
public final class Message {
  /** Longest CBOR of a message, and longest message. */
  public static final int BYTES_MAX = 1 << 20;

  static final int PLAIN = 0;
  static final int DEFLATED = 1;

  /** Below this, DEFLATE never wins against the one byte it costs nothing to save. */
  private static final int DEFLATE_FROM = 48;

  private Message() {}

  /** Wraps CBOR, deflated where that is shorter. */
  static byte[] wrap(CborWriter cbor) {
    int size = cbor.size();
    if (size > BYTES_MAX) {
      throw new IllegalArgumentException("message of " + size + " bytes");
    }
    if (size >= DEFLATE_FROM) {
      Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
      try {
        deflater.setInput(cbor.buffer(), 0, size);
        deflater.finish();
        byte[] deflated = new byte[size];
        deflated[0] = DEFLATED;
        int length = deflater.deflate(deflated, 1, size - 1);
        if (deflater.finished()) {
          return Arrays.copyOf(deflated, 1 + length);
        }
      } finally {
        deflater.end();
      }
    }
    byte[] plain = new byte[1 + size];
    plain[0] = PLAIN;
    System.arraycopy(cbor.buffer(), 0, plain, 1, size);
    return plain;
  }

  /** The CBOR of a message, without its coding byte. */
  public static Decoded<byte[]> unwrap(byte[] message) {
    if (message.length < 2 || message.length > BYTES_MAX) {
      return Decoded.invalid(
          "message of " + message.length + " bytes, expected 2.." + BYTES_MAX, 0);
    }
    if (message[0] == PLAIN) {
      return Decoded.valid(Arrays.copyOfRange(message, 1, message.length));
    }
    if (message[0] != DEFLATED) {
      return Decoded.invalid(
          String.format("coding byte 0x%02x, expected 0x00 or 0x01", message[0] & 0xFF), 0);
    }
    Inflater inflater = new Inflater(true);
    try {
      inflater.setInput(message, 1, message.length - 1);
      byte[] cbor = new byte[Math.min(BYTES_MAX, Math.max(256, message.length * 4))];
      int size = 0;
      while (!inflater.finished()) {
        if (size == cbor.length) {
          if (size == BYTES_MAX) {
            return Decoded.invalid("inflates to more than " + BYTES_MAX + " bytes", 1);
          }
          cbor = Arrays.copyOf(cbor, Math.min(BYTES_MAX, cbor.length * 2));
        }
        int more = inflater.inflate(cbor, size, cbor.length - size);
        if (more == 0 && !inflater.finished()) {
          if (inflater.needsInput() || inflater.needsDictionary()) {
            return Decoded.invalid("DEFLATE data ends early", message.length);
          }
        }
        size += more;
      }
      if (inflater.getRemaining() > 0) {
        return Decoded.invalid(
            inflater.getRemaining() + " bytes after the DEFLATE data",
            message.length - inflater.getRemaining());
      }
      return Decoded.valid(Arrays.copyOf(cbor, size));
    } catch (DataFormatException e) {
      return Decoded.invalid("not DEFLATE: " + e.getMessage(), 1);
    } finally {
      inflater.end();
    }
  }
}
