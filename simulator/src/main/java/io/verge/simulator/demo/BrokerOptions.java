package io.verge.simulator.demo;

import io.verge.simulator.broker.BrokerSettings;
import io.verge.uplink.Tls;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Who may come to an embedded broker, and whether it speaks TLS. */
final class BrokerOptions {
  @Option(names = "--tls-certificate", description = "PEM file: the broker speaks TLS")
  private @Nullable Path certificate;

  @Option(names = "--tls-key", description = "PEM file of its private key, PKCS#8")
  private @Nullable Path key;

  @Option(names = "--user", description = "the one user (default: everybody comes in)")
  private @Nullable String user;

  @Option(names = "--password-file", description = "file that holds the user's password")
  private @Nullable Path passwordFile;

  /**
   * @throws IllegalArgumentException if one of two that go together is missing.
   */
  BrokerSettings settings(int port) throws IOException {
    if ((certificate == null) != (key == null)) {
      throw new IllegalArgumentException("--tls-certificate and --tls-key go together");
    }
    if ((user == null) != (passwordFile == null)) {
      throw new IllegalArgumentException("--user and --password-file go together");
    }
    return new BrokerSettings(
        "127.0.0.1",
        port,
        user == null || passwordFile == null ? Map.of() : Map.of(user, Tls.secret(passwordFile)),
        certificate == null ? null : Tls.context(null, certificate, key),
        false);
  }

  String scheme() {
    return certificate == null ? "mqtt" : "mqtts";
  }
}
