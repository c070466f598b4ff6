package io.verge.wire;

import io.verge.bytes.Decoded;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads CBOR (RFC 8949) of definite lengths. The first thing that is wrong is remembered and every
 * later read returns zero or empty, so a caller reads on and asks {@link #isOk()} in its loops and
 * at the end. Nothing is allocated for a length before it was held against what remains. Not
 * thread-safe.
 */
public final class CborReader {
  /** Deepest nesting of {@link #any()}: details hold tables in tables, not more. */
  static final int DEPTH_MAX = 16;

  private static final int NULL = 0xF6;

  private final byte[] source;
  private final int end;
  private int at;
  private @Nullable String wrong;
  private int wrongAt;

  public CborReader(byte[] source, int from, int end) {
    this.source = source;
    this.at = from;
    this.end = end;
  }

  public boolean isOk() {
    return wrong == null;
  }

  public int offset() {
    return at;
  }

  /** Marks the message as wrong at the current place. */
  public void fail(String reason) {
    failAt(reason, at);
  }

  private void failAt(String reason, int offset) {
    if (wrong == null) {
      wrong = reason;
      wrongAt = offset;
    }
  }

  public <T> Decoded<T> invalid() {
    return Decoded.invalid(wrong == null ? "valid" : wrong, wrongAt);
  }

  /** Fails unless all bytes are used. */
  public boolean isAtEnd() {
    if (wrong == null && at != end) {
      fail((end - at) + " bytes after the end of the message");
    }
    return wrong == null;
  }

  /** The next item's major type (0..7), or -1 at the end or after a failure. */
  public int peekMajor() {
    return wrong != null || at >= end ? -1 : (source[at] & 0xFF) >>> 5;
  }

  public boolean peekNull() {
    return wrong == null && at < end && (source[at] & 0xFF) == NULL;
  }

  public long unsigned() {
    return head(0, "unsigned integer");
  }

  /** An unsigned integer not above {@code most}. */
  public long unsigned(long most, String what) {
    int start = at;
    long value = unsigned();
    if (wrong == null && value > most) {
      failAt(what + " " + value + ", expected at most " + most, start);
      return 0;
    }
    return value;
  }

  public long integer() {
    if (wrong == null && at < end && (source[at] & 0xE0) == 0x20) {
      return ~head(1, "integer");
    }
    return head(0, "integer");
  }

  public void nul() {
    if (peekNull()) {
      at++;
    } else {
      fail("expected null");
    }
  }

  public boolean bool() {
    int value = wrong == null && at < end ? source[at] & 0xFF : 0;
    if (value != 0xF4 && value != 0xF5) {
      fail("expected true or false");
      return false;
    }
    at++;
    return value == 0xF5;
  }

  /** Length of an array, at most the bytes that remain. */
  public int array() {
    return count(4, "array");
  }

  /** Fails unless an array of {@code least..most} items begins here. */
  public int array(int least, int most, String what) {
    int start = at;
    int count = array();
    if (wrong == null && (count < least || count > most)) {
      failAt(what + " of " + count + " items, expected " + least + ".." + most, start);
      return 0;
    }
    return count;
  }

  public int map() {
    int start = at;
    int count = count(5, "map");
    if (wrong == null && count * 2L > end - at) {
      failAt("map of " + count + " entries in " + (end - at) + " bytes", start);
      return 0;
    }
    return count;
  }

  public String text(int most) {
    int start = at;
    int length = count(3, "text");
    if (wrong != null) {
      return "";
    }
    if (length > most) {
      failAt("text of " + length + " bytes, expected at most " + most, start);
      return "";
    }
    try {
      String text =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(source, at, length))
              .toString();
      at += length;
      return text;
    } catch (CharacterCodingException e) {
      failAt("text is not UTF-8", start);
      return "";
    }
  }

  public byte[] bytes(int most) {
    int start = at;
    int length = count(2, "bytes");
    if (wrong != null) {
      return new byte[0];
    }
    if (length > most) {
      failAt(length + " bytes, expected at most " + most, start);
      return new byte[0];
    }
    at += length;
    return Arrays.copyOfRange(source, at - length, at);
  }

  /** Any item made of String, Long, Boolean, Map with text keys, and List; null after a failure. */
  public @Nullable Object any() {
    return any(0);
  }

  private @Nullable Object any(int depth) {
    if (depth > DEPTH_MAX) {
      fail("nested deeper than " + DEPTH_MAX);
      return null;
    }
    switch (peekMajor()) {
      case 0, 1:
        return integer();
      case 3:
        return text(end - at);
      case 4:
        {
          int count = array();
          List<Object> list = new ArrayList<>(Math.min(count, 64));
          for (int i = 0; i < count && wrong == null; i++) {
            Object item = any(depth + 1);
            if (item != null) {
              list.add(item);
            }
          }
          return list;
        }
      case 5:
        {
          int count = map();
          Map<String, Object> entries = new LinkedHashMap<>();
          for (int i = 0; i < count && wrong == null; i++) {
            String key = text(256);
            Object item = any(depth + 1);
            if (item != null) {
              entries.put(key, item);
            }
          }
          return entries;
        }
      case 7:
        return bool();
      default:
        fail("expected text, number, boolean, list or map");
        return null;
    }
  }

  private int count(int major, String what) {
    int start = at;
    long count = head(major, what);
    if (wrong == null && count > end - at) {
      failAt(what + " of " + count + " items in " + (end - at) + " bytes", start);
      return 0;
    }
    return (int) count;
  }

  private long head(int major, String what) {
    if (wrong != null) {
      return 0;
    }
    if (at >= end) {
      fail("ends where " + what + " is expected");
      return 0;
    }
    int first = source[at] & 0xFF;
    if (first >>> 5 != major) {
      fail(String.format("0x%02x where %s is expected", first, what));
      return 0;
    }
    int small = first & 0x1F;
    if (small < 24) {
      at++;
      return small;
    }
    int more = small == 24 ? 1 : small == 25 ? 2 : small == 26 ? 4 : small == 27 ? 8 : 0;
    if (more == 0) {
      fail(String.format("0x%02x: indefinite or reserved length", first));
      return 0;
    }
    if (end - at - 1 < more) {
      fail("ends within " + what);
      return 0;
    }
    long value = 0;
    for (int i = 1; i <= more; i++) {
      value = value << 8 | source[at + i] & 0xFF;
    }
    if (value < 0) {
      fail(what + " above 2^63-1");
      return 0;
    }
    at += 1 + more;
    return value;
  }
}
