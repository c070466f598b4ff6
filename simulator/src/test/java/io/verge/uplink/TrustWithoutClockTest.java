package io.verge.uplink;

import io.verge.simulator.keys.Authority;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/** What TLS believes with a clock and without one. */
class TrustWithoutClockTest extends TrustRules {
  /** Shakes hands. */
  @Override
  protected boolean believes(Authority of, String identity, Path ca, boolean clockIsSet)
      throws Exception {
    try (SSLServerSocket server =
            (SSLServerSocket)
                Tls.context(ca, of.pem(identity), of.key(identity))
                    .getServerSocketFactory()
                    .createServerSocket(0, 1, InetAddress.getLoopbackAddress());
        SSLSocket client =
            (SSLSocket)
                Tls.context(ca, null, null, () -> clockIsSet)
                    .getSocketFactory()
                    .createSocket(HOST, server.getLocalPort())) {
      Thread serving =
          new Thread(
              () -> {
                try (SSLSocket accepted = (SSLSocket) server.accept()) {
                  accepted.startHandshake();
                  accepted.getInputStream().read();
                } catch (IOException e) {
                  // The client's judgement is what the test looks at.
                  Thread.currentThread().interrupt();
                }
              });
      serving.start();
      SSLParameters parameters = client.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      client.setSSLParameters(parameters);
      try {
        client.startHandshake();
        return true;
      } catch (SSLException e) {
        return false;
      } finally {
        client.close();
        serving.join(10_000);
      }
    }
  }
}
