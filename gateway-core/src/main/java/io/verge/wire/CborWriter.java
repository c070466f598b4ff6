package io.verge.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes CBOR (RFC 8949) of definite lengths in shortest form. Not thread-safe. */
public final class CborWriter {
  private byte[] buffer;
  private int size;

  public CborWriter(int expected) {
    buffer = new byte[Math.max(16, expected)];
  }

  public int size() {
    return size;
  }

  public byte[] toBytes() {
    return Arrays.copyOf(buffer, size);
  }

  byte[] buffer() {
    return buffer;
  }

  public CborWriter unsigned(long value) {
    if (value < 0) {
      throw new IllegalArgumentException("negative " + value);
    }
    head(0, value);
    return this;
  }

  public CborWriter integer(long value) {
    if (value >= 0) {
      head(0, value);
    } else {
      head(0x20, ~value);
    }
    return this;
  }

  public CborWriter array(int count) {
    head(0x80, count);
    return this;
  }

  public CborWriter map(int count) {
    head(0xA0, count);
    return this;
  }

  public CborWriter text(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    head(0x60, utf8.length);
    raw(utf8);
    return this;
  }

  public CborWriter bytes(byte[] bytes) {
    head(0x40, bytes.length);
    raw(bytes);
    return this;
  }

  public CborWriter bool(boolean value) {
    one(value ? 0xF5 : 0xF4);
    return this;
  }

  /** A double precision float (RFC 8949, section 3.3). */
  public CborWriter real(double value) {
    room(9);
    buffer[size++] = (byte) 0xFB;
    big(Double.doubleToRawLongBits(value), 8);
    return this;
  }

  public CborWriter nul() {
    one(0xF6);
    return this;
  }

  /**
   * Writes String, Long, Integer, Boolean, and nested Map (String keys, sorted) and List of these.
   *
   * @throws IllegalArgumentException on any other type: our own mistake.
   */
  public CborWriter any(Object value) {
    if (value instanceof String text) {
      text(text);
    } else if (value instanceof Long || value instanceof Integer) {
      integer(((Number) value).longValue());
    } else if (value instanceof Boolean flag) {
      bool(flag);
    } else if (value instanceof List<?> list) {
      array(list.size());
      list.forEach(this::any);
    } else if (value instanceof Map<?, ?> entries) {
      map(entries.size());
      Map<String, Object> sorted = new TreeMap<>();
      entries.forEach((key, item) -> sorted.put((String) key, item));
      sorted.forEach(
          (key, item) -> {
            text(key);
            any(item);
          });
    } else {
      throw new IllegalArgumentException("no CBOR form for " + value.getClass());
    }
    return this;
  }

  private void head(int major, long value) {
    if (value < 24 && value >= 0) {
      one(major | (int) value);
    } else if (value >>> 8 == 0) {
      room(2);
      buffer[size++] = (byte) (major | 24);
      buffer[size++] = (byte) value;
    } else if (value >>> 16 == 0) {
      room(3);
      buffer[size++] = (byte) (major | 25);
      big(value, 2);
    } else if (value >>> 32 == 0) {
      room(5);
      buffer[size++] = (byte) (major | 26);
      big(value, 4);
    } else {
      room(9);
      buffer[size++] = (byte) (major | 27);
      big(value, 8);
    }
  }

  private void big(long value, int bytes) {
    for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) {
      buffer[size++] = (byte) (value >>> shift);
    }
  }

  private void one(int value) {
    room(1);
    buffer[size++] = (byte) value;
  }

  private void raw(byte[] bytes) {
    room(bytes.length);
    System.arraycopy(bytes, 0, buffer, size, bytes.length);
    size += bytes.length;
  }

  private void room(int more) {
    if (size + more > buffer.length) {
      buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, size + more));
    }
  }
}
