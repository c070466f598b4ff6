package io.verge.local;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/** A long text in one short request: deflated (zlib, RFC 1950), then Base64. */
public final class Packed {
  /** Characters of the text: what the configuration reader takes. */
  public static final int TEXT_MAX = 1 << 20;

  private Packed() {}

  public static String pack(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DeflaterOutputStream deflater = new DeflaterOutputStream(bytes)) {
      deflater.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory", e);
    }
    return Base64.getEncoder().encodeToString(bytes.toByteArray());
  }

  /**
   * @throws IllegalArgumentException with a sentence for people when it is nothing packed, or more
   *     than {@link #TEXT_MAX} bytes.
   */
  public static String unpack(String packed) {
    byte[] deflated = Base64.getDecoder().decode(packed);
    try (InflaterInputStream in = new InflaterInputStream(new ByteArrayInputStream(deflated))) {
      byte[] text = in.readNBytes(TEXT_MAX + 1);
      if (text.length > TEXT_MAX) {
        throw new IllegalArgumentException("the text has more than " + TEXT_MAX + " bytes");
      }
      return new String(text, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalArgumentException("not deflated: " + e.getMessage(), e);
    }
  }
}
