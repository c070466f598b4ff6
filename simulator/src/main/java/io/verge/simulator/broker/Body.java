package io.verge.simulator.broker;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads the data types of MQTT 5, section 1.5, from the bytes of one packet. */
final class Body {
  private final byte[] bytes;
  private final int end;
  private int at;

  Body(byte[] bytes, int from, int end) {
    this.bytes = bytes;
    this.at = from;
    this.end = end;
  }

  boolean isAtEnd() {
    return at == end;
  }

  int offset() {
    return at;
  }

  int u8() throws Refusal {
    need(1);
    return bytes[at++] & 0xFF;
  }

  int u16() throws Refusal {
    return u8() << 8 | u8();
  }

  long u32() throws Refusal {
    return (long) u16() << 16 | u16();
  }

  int varint() throws Refusal {
    int value = 0;
    for (int shift = 0; shift < 28; shift += 7) {
      int next = u8();
      value |= (next & 0x7F) << shift;
      if (next < 0x80) {
        return value;
      }
    }
    throw new Refusal(Refusal.MALFORMED, "variable integer of more than 4 bytes");
  }

  byte[] binary() throws Refusal {
    return take(u16());
  }

  byte[] rest() throws Refusal {
    return take(end - at);
  }

  String utf8() throws Refusal {
    byte[] text = binary();
    try {
      String decoded = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text)).toString();
      if (decoded.indexOf('\0') >= 0) {
        throw new Refusal(Refusal.MALFORMED, "NUL in a string");
      }
      return decoded;
    } catch (CharacterCodingException e) {
      throw new Refusal(Refusal.MALFORMED, "string is not UTF-8");
    }
  }

  /** The next {@code length} bytes as a reader of their own. */
  Body part(int length) throws Refusal {
    need(length);
    Body part = new Body(bytes, at, at + length);
    at += length;
    return part;
  }

  byte[] slice(int from, int to) {
    return Arrays.copyOfRange(bytes, from, to);
  }

  private byte[] take(int length) throws Refusal {
    need(length);
    at += length;
    return Arrays.copyOfRange(bytes, at - length, at);
  }

  private void need(int length) throws Refusal {
    if (end - at < length) {
      throw new Refusal(Refusal.MALFORMED, "packet ends early");
    }
  }
}
