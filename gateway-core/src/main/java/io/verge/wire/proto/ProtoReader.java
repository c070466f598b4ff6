package io.verge.wire.proto;

import io.verge.bytes.Decoded;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads the fields of one message from outside. The first thing that is wrong is remembered; from
 * then on there are no more fields, and reads return zero or empty. Nothing is allocated for a
 * length before it was held against what remains. Not thread-safe.
 */
public final class ProtoReader {
  private static final int VARINT_BYTES_MAX = 10;

  private final byte[] source;
  private final int end;
  private int at;
  private int kind;
  private @Nullable String wrong;
  private int wrongAt;

  public ProtoReader(byte[] source) {
    this(source, 0, source.length);
  }

  private ProtoReader(byte[] source, int from, int end) {
    this.source = source;
    this.at = from;
    this.end = end;
  }

  /**
   * The next field's number, or 0 at the end or after a failure; read or skip it before the next.
   */
  public int next() {
    if (wrong != null || at == end) {
      return 0;
    }
    long tag = raw();
    kind = (int) (tag & 7);
    long field = tag >>> 3;
    if (wrong == null && (field == 0 || field > 536_870_911)) {
      fail("field number " + field);
    }
    return wrong == null ? (int) field : 0;
  }

  public boolean isOk() {
    return wrong == null;
  }

  public void fail(String reason) {
    if (wrong == null) {
      wrong = reason;
      wrongAt = at;
    }
  }

  public <T> Decoded<T> invalid() {
    return Decoded.invalid(wrong == null ? "valid" : wrong, wrongAt);
  }

  private boolean is(int expected, String what) {
    if (wrong == null && kind != expected) {
      fail("wire type " + kind + " for " + what);
    }
    return wrong == null;
  }

  public long varint() {
    return is(ProtoWriter.VARINT, "a varint") ? raw() : 0;
  }

  public boolean bool() {
    return varint() != 0;
  }

  public double real() {
    return is(ProtoWriter.FIXED_64, "a double") ? Double.longBitsToDouble(fixed(8)) : 0;
  }

  public float single() {
    return is(ProtoWriter.FIXED_32, "a float") ? Float.intBitsToFloat((int) fixed(4)) : 0;
  }

  /**
   * @param most bytes of UTF-8.
   */
  public String text(int most) {
    int length = length();
    if (wrong == null && length > most) {
      fail("text of " + length + " bytes, expected at most " + most);
    }
    if (wrong != null) {
      return "";
    }
    at += length;
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(source, at - length, length))
          .toString();
    } catch (CharacterCodingException e) {
      fail("text that is not UTF-8");
      return "";
    }
  }

  /** A nested message; tell its failure on by {@link #check}. */
  public ProtoReader message() {
    int length = length();
    int from = at;
    at += length;
    return new ProtoReader(source, from, at);
  }

  /** Takes over what was wrong with a nested message. */
  public void check(ProtoReader nested) {
    if (wrong == null && nested.wrong != null) {
      wrong = nested.wrong;
      wrongAt = nested.wrongAt;
    }
  }

  public void skip() {
    switch (kind) {
      case ProtoWriter.VARINT -> raw();
      case ProtoWriter.FIXED_64 -> fixed(8);
      case ProtoWriter.FIXED_32 -> fixed(4);
      case ProtoWriter.LENGTH -> at += length();
      default -> fail("wire type " + kind);
    }
  }

  private int length() {
    long length = is(ProtoWriter.LENGTH, "a length") ? raw() : 0;
    if (wrong == null && (length < 0 || length > end - at)) {
      fail("length " + Long.toUnsignedString(length) + ", but " + (end - at) + " bytes remain");
    }
    return wrong == null ? (int) length : 0;
  }

  private long fixed(int bytes) {
    if (end - at < bytes) {
      fail("message ends within a number");
      return 0;
    }
    long bits = 0;
    for (int i = 0; i < bytes; i++) {
      bits |= (source[at++] & 0xFFL) << 8 * i;
    }
    return bits;
  }

  private long raw() {
    long value = 0;
    for (int i = 0; i < VARINT_BYTES_MAX; i++) {
      if (at == end) {
        fail("message ends within a varint");
        return 0;
      }
      byte one = source[at++];
      value |= (one & 0x7FL) << 7 * i;
      if (one >= 0) {
        return value;
      }
    }
    fail("varint of more than " + VARINT_BYTES_MAX + " bytes");
    return 0;
  }
}
