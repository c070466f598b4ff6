package io.verge.bytes;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads what {@link ByteWriter} wrote, from bytes that may be damaged. The first thing that is
 * wrong is remembered and every later read returns zero or empty. Not thread-safe.
 */
public final class ByteReader {
  private final byte[] source;
  private final int end;
  private int at;
  private @Nullable String wrong;

  public ByteReader(byte[] source, int from, int end) {
    this.source = source;
    this.at = from;
    this.end = end;
  }

  public boolean isOk() {
    return wrong == null;
  }

  public boolean isAtEnd() {
    return wrong == null && at == end;
  }

  public int offset() {
    return at;
  }

  public void fail(String reason) {
    if (wrong == null) {
      wrong = reason;
    }
  }

  public <T> Decoded<T> invalid() {
    return Decoded.invalid(wrong == null ? "bytes after the end" : wrong, at);
  }

  public int u8() {
    if (wrong != null || at >= end) {
      fail("ends early");
      return 0;
    }
    return source[at++] & 0xFF;
  }

  public long varint() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int next = u8();
      value |= (long) (next & 0x7F) << shift;
      if (next < 0x80) {
        return wrong == null ? value : 0;
      }
    }
    fail("variable-length integer of more than 10 bytes");
    return 0;
  }

  public long zigzag() {
    long value = varint();
    return value >>> 1 ^ -(value & 1);
  }

  /** A count or length of at most {@code most}, and of at most the bytes that remain. */
  public int count(long most) {
    long value = varint();
    if (wrong == null && (value < 0 || value > most || value > end - at)) {
      fail("count " + value + ", expected at most " + Math.min(most, end - at));
    }
    return wrong == null ? (int) value : 0;
  }

  public byte[] bytes(int most) {
    int length = count(most);
    at += length;
    return Arrays.copyOfRange(source, at - length, at);
  }

  /** Whether so many bytes remain; if not, that is what is wrong. */
  public boolean holds(int length) {
    if (wrong == null && (length < 0 || length > end - at)) {
      fail(length + " wanted, " + (end - at) + " left");
    }
    return wrong == null;
  }

  /** So many bytes; empty if there are fewer. */
  public byte[] raw(int length) {
    if (!holds(length)) {
      return new byte[0];
    }
    at += length;
    return Arrays.copyOfRange(source, at - length, at);
  }

  /** Low byte first. */
  public int u32le() {
    return u8() | u8() << 8 | u8() << 16 | u8() << 24;
  }

  /** Low byte first. */
  public long u64le() {
    return u32le() & 0xFFFF_FFFFL | (long) u32le() << 32;
  }

  public String text(int most) {
    return new String(bytes(most), StandardCharsets.UTF_8);
  }
}
