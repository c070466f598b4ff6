package io.verge.simulator.backend;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a CoAP front listens to.
 *
 * @param host address to listen on.
 * @param port to listen on; 0: any free one.
 * @param keys DTLS pre-shared keys by identity, which is the gateway's id.
 * @param identity of the server, with certificates; null: none.
 */
public record CoapFrontSettings(
    String host, int port, Map<String, byte[]> keys, @Nullable Identity identity) {
  public CoapFrontSettings {
    keys = Map.copyOf(keys);
  }

  /**
   * A certificate of the server, and who may sign the gateways'; the common name of a gateway's
   * certificate is its id.
   */
  public record Identity(
      PrivateKey key, List<X509Certificate> chain, List<X509Certificate> authorities) {}

  /** Plain, open to all, on loopback. */
  public static CoapFrontSettings plain(int port) {
    return new CoapFrontSettings("127.0.0.1", port, Map.of(), null);
  }

  /** DTLS for one gateway with a pre-shared key, on loopback. */
  public static CoapFrontSettings psk(int port, String identity, byte[] key) {
    return new CoapFrontSettings("127.0.0.1", port, Map.of(identity, key), null);
  }

  boolean isSecure() {
    return !keys.isEmpty() || identity != null;
  }
}
