package io.verge.simulator.keys;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** The part of DER (ITU-T X.690) that a certificate needs. Pure. */
final class Der {
  private static final DateTimeFormatter UTC_TIME =
      DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

  private Der() {}

  /** A tag with the contents of all parts. */
  static byte[] of(int tag, byte[]... parts) {
    ByteArrayOutputStream contents = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      contents.writeBytes(part);
    }
    int length = contents.size();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(tag);
    if (length < 0x80) {
      out.write(length);
    } else if (length < 0x100) {
      out.write(0x81);
      out.write(length);
    } else {
      out.write(0x82);
      out.write(length >> 8);
      out.write(length);
    }
    out.writeBytes(contents.toByteArray());
    return out.toByteArray();
  }

  static byte[] sequence(byte[]... parts) {
    return of(0x30, parts);
  }

  static byte[] integer(BigInteger value) {
    return of(0x02, value.toByteArray());
  }

  /**
   * @param unused bits at the end of the last byte.
   */
  static byte[] bits(int unused, byte... bytes) {
    return of(0x03, new byte[] {(byte) unused}, bytes);
  }

  static byte[] octets(byte[] bytes) {
    return of(0x04, bytes);
  }

  static byte[] isTrue() {
    return of(0x01, new byte[] {(byte) 0xFF});
  }

  /** An object identifier, for example 2, 5, 4, 3. */
  static byte[] oid(int... arcs) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(arcs[0] * 40 + arcs[1]);
    for (int i = 2; i < arcs.length; i++) {
      for (int shift = 28; shift > 0; shift -= 7) {
        if (arcs[i] >>> shift != 0) {
          out.write(arcs[i] >>> shift & 0x7F | 0x80);
        }
      }
      out.write(arcs[i] & 0x7F);
    }
    return of(0x06, out.toByteArray());
  }

  /** A distinguished name that is only a common name. */
  static byte[] name(String commonName) {
    return sequence(
        of(0x31, sequence(oid(2, 5, 4, 3), of(0x0C, commonName.getBytes(StandardCharsets.UTF_8)))));
  }

  static byte[] time(Instant at) {
    return of(0x17, UTC_TIME.format(at).getBytes(StandardCharsets.US_ASCII));
  }
}
