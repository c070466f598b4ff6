package io.verge.poll;

import io.verge.bytes.Sha256;
import io.verge.driver.Driver;
import io.verge.model.Lane;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * One device of a bus as its worker polls it.
 *
 * @param device index in the catalog.
 * @param asset the asset's id.
 * @param everyMs interval between polls.
 * @param told {@link #fingerprint} of the identity an earlier run told of.
 */
public record Polled(
    int device, String asset, Lane lane, Driver driver, long everyMs, OptionalLong told) {
  private static final String OWNER = "identity/";

  /** Under which name the store keeps the fingerprint of an asset's identity. */
  public static String identityOwner(String asset) {
    return OWNER + asset;
  }

  /** 64 bits of the SHA-256 of what a device says it is, in the order of the keys. */
  static long fingerprint(Map<String, String> identity) {
    String text = new TreeMap<>(identity).toString();
    byte[] digest = Sha256.start().digest(text.getBytes(StandardCharsets.UTF_8));
    return ByteBuffer.wrap(digest).getLong();
  }
}
