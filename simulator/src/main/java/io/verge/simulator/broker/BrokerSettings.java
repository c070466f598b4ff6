package io.verge.simulator.broker;

import java.util.Map;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * What a broker is to do.
 *
 * @param host address to listen on.
 * @param port to listen on; 0: any free one.
 * @param users passwords by user; empty: everybody may come in.
 * @param tls how to speak TLS, or null for plain TCP.
 * @param clientCertificates with TLS: only clients with a trusted certificate come in.
 */
public record BrokerSettings(
    String host,
    int port,
    Map<String, String> users,
    @Nullable SSLContext tls,
    boolean clientCertificates) {
  public BrokerSettings {
    users = Map.copyOf(users);
  }

  /** Plain, open to all, on loopback. */
  public static BrokerSettings plain(int port) {
    return new BrokerSettings("127.0.0.1", port, Map.of(), null, false);
  }
}
