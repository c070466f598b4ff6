package io.verge.uplink;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.simulator.keys.Authority;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrustWithoutClockTest {
  private static final String HOST = "127.0.0.1";
  private static final Duration DAY = Duration.ofDays(1);
  private static final Instant NOW = Instant.now();

  @TempDir private Path folder = Path.of("unset");

  /** Whether a client shakes hands with a server of this identity. */
  private boolean believes(Authority of, String identity, Path ca, boolean clockIsSet)
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

  @Test
  void withoutAClockTheDayTheCertificateBeginsCounts() throws Exception {
    Authority authority = new Authority(folder, "authority");
    Path ca = authority.pem("authority");
    authority.sign("later", NOW.plus(DAY), NOW.plus(DAY.multipliedBy(2)), HOST);
    assertThat(believes(authority, "later", ca, true)).isFalse();
    assertThat(believes(authority, "later", ca, false)).isTrue();
    authority.sign("now", HOST);
    assertThat(believes(authority, "now", ca, true)).isTrue();
    assertThat(believes(authority, "now", ca, false)).isTrue();
  }

  @Test
  void signerHostAndWhatEndedLongAgoAreCheckedAllTheSame() throws Exception {
    Authority authority = new Authority(folder, "authority");
    Path ca = authority.pem("authority");
    authority.sign(
        "old", Instant.parse("2020-01-01T00:00:00Z"), Instant.parse("2021-01-01T00:00:00Z"), HOST);
    authority.sign("elsewhere", "another.example");
    Authority stranger = new Authority(folder, "stranger");
    stranger.sign("strange", HOST);
    for (boolean clockIsSet : new boolean[] {true, false}) {
      assertThat(believes(authority, "old", ca, clockIsSet)).isFalse();
      assertThat(believes(authority, "elsewhere", ca, clockIsSet)).isFalse();
      assertThat(believes(stranger, "strange", ca, clockIsSet)).isFalse();
    }
  }
}
