package io.verge.uplink.coap;

import io.verge.uplink.UplinkSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.elements.UDPConnector;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.elements.config.UdpConfig;
import org.eclipse.californium.scandium.config.DtlsConfig;

/**
 * Makes Californium's endpoints, each with a configuration of its own: the library's defaults are a
 * server's, and it would write them to a file.
 */
final class Endpoints {
  /** The block size of the protocol (design section 8); fits a datagram of any link with IPv6. */
  private static final int BLOCK_BYTES = 1024;

  /** Longest body that is taken from the back end: a command, or acks. */
  private static final int BODY_MAX = 32 * 1024;

  /** With 2 s, doubled: a dead server is known after 30 to 45 s. */
  private static final int RETRANSMISSIONS = 3;

  /** Messages remembered against repetition: what a server may still repeat after its last try. */
  private static final int LIFETIME_SECONDS = 100;

  private Endpoints() {}

  static CoapEndpoint plain(Traffic traffic, long answerMs) {
    Configuration configuration = configuration(answerMs);
    return endpoint(configuration).setConnector(new Plain(configuration, traffic)).build();
  }

  /**
   * An endpoint that speaks DTLS, and resumes the session of the connection before it if there is
   * one.
   *
   * @throws IOException if keys or certificates cannot be read; the message names the file.
   */
  static CoapEndpoint secure(
      UplinkSettings settings, Traffic traffic, long answerMs, SecureSessions sessions)
      throws IOException {
    Configuration configuration = configuration(answerMs);
    String name = settings.name() + " " + settings.uri();
    SecureSessions.Secure connector = sessions.take(name, traffic);
    if (connector == null) {
      connector = sessions.make(name, Dtls.client(configuration, settings), traffic);
    }
    return endpoint(configuration).setConnector(connector).build();
  }

  private static CoapEndpoint.Builder endpoint(Configuration configuration) {
    return new CoapEndpoint.Builder().setConfiguration(configuration);
  }

  private static Configuration configuration(long answerMs) {
    CoapConfig.register();
    UdpConfig.register();
    DtlsConfig.register();
    Configuration configuration = Configuration.createStandardWithoutFile();
    configuration.set(CoapConfig.PREFERRED_BLOCK_SIZE, BLOCK_BYTES);
    configuration.set(CoapConfig.MAX_MESSAGE_SIZE, BLOCK_BYTES);
    configuration.set(CoapConfig.MAX_RESOURCE_BODY_SIZE, BODY_MAX);
    configuration.set(CoapConfig.ACK_TIMEOUT, answerMs, TimeUnit.MILLISECONDS);
    configuration.set(DtlsConfig.DTLS_RETRANSMISSION_TIMEOUT, answerMs, TimeUnit.MILLISECONDS);
    configuration.set(CoapConfig.MAX_RETRANSMIT, RETRANSMISSIONS);
    configuration.set(CoapConfig.EXCHANGE_LIFETIME, LIFETIME_SECONDS, TimeUnit.SECONDS);
    configuration.set(CoapConfig.MAX_ACTIVE_PEERS, 16);
    configuration.set(CoapConfig.PROTOCOL_STAGE_THREAD_COUNT, 1);
    configuration.set(UdpConfig.UDP_RECEIVER_THREAD_COUNT, 1);
    configuration.set(UdpConfig.UDP_SENDER_THREAD_COUNT, 1);
    configuration.set(DtlsConfig.DTLS_RECEIVER_THREAD_COUNT, 1);
    configuration.set(DtlsConfig.DTLS_CONNECTOR_THREAD_COUNT, 1);
    return configuration;
  }

  private static final class Plain extends UDPConnector {
    private final Traffic traffic;

    Plain(Configuration configuration, Traffic traffic) {
      super(new InetSocketAddress(0), configuration);
      this.traffic = traffic;
    }

    @Override
    public synchronized void start() throws IOException {
      if (!isRunning()) {
        var socket = traffic.socket();
        socket.bind(localAddr);
        init(socket);
      }
    }
  }
}
