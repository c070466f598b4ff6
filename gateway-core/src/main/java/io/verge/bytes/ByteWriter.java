package io.verge.bytes;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Grows as bytes and variable-length integers are put. Not thread-safe. */
public final class ByteWriter {
  private byte[] buffer;
  private int size;

  public ByteWriter(int expected) {
    buffer = new byte[Math.max(16, expected)];
  }

  public int size() {
    return size;
  }

  /** The bytes so far, and room behind them; changes with the next write. */
  public byte[] buffer() {
    return buffer;
  }

  public byte[] toBytes() {
    return Arrays.copyOf(buffer, size);
  }

  public ByteWriter u8(int value) {
    room(1);
    buffer[size++] = (byte) value;
    return this;
  }

  /** Low byte first. */
  public ByteWriter u32le(int value) {
    return u8(value).u8(value >>> 8).u8(value >>> 16).u8(value >>> 24);
  }

  /** Low byte first. */
  public ByteWriter u64le(long value) {
    return u32le((int) value).u32le((int) (value >>> 32));
  }

  /** Seven bits a byte, low bits first; 1 to 10 bytes. */
  public ByteWriter varint(long value) {
    room(10);
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      buffer[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    buffer[size++] = (byte) rest;
    return this;
  }

  /** A signed number whose small magnitudes are short, of either sign. */
  public ByteWriter zigzag(long value) {
    return varint(value << 1 ^ value >> 63);
  }

  public ByteWriter bytes(byte[] bytes) {
    return varint(bytes.length).raw(bytes);
  }

  /** The bytes alone, without their number. */
  public ByteWriter raw(byte[] bytes) {
    room(bytes.length);
    System.arraycopy(bytes, 0, buffer, size, bytes.length);
    size += bytes.length;
    return this;
  }

  public ByteWriter text(String text) {
    return bytes(text.getBytes(StandardCharsets.UTF_8));
  }

  private void room(int more) {
    if (size + more > buffer.length) {
      buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, size + more));
    }
  }
}
