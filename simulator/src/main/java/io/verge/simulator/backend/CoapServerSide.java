package io.verge.simulator.backend;

import io.verge.wire.Message;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.cert.Certificate;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.elements.config.CertificateAuthenticationMode;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.elements.config.UdpConfig;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConfig.DtlsRole;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.CertificateType;
import org.eclipse.californium.scandium.dtls.pskstore.AdvancedMultiPskStore;
import org.eclipse.californium.scandium.dtls.x509.SingleCertificateProvider;
import org.eclipse.californium.scandium.dtls.x509.StaticNewAdvancedCertificateVerifier;

/** Makes the front's endpoint: bounded, and with a configuration that is never a file. */
final class CoapServerSide {
  private static final int BLOCK_BYTES = 1024;
  private static final int PEERS_MAX = 1000;
  private static final int CONNECTION_ID_BYTES = 6;

  private CoapServerSide() {}

  static CoapEndpoint endpoint(CoapFrontSettings settings) throws IOException {
    Configuration configuration = configuration();
    InetSocketAddress address = new InetSocketAddress(settings.host(), settings.port());
    CoapEndpoint.Builder builder = new CoapEndpoint.Builder().setConfiguration(configuration);
    if (settings.isSecure()) {
      // A gateway is who it is, wherever its datagrams come from now.
      configuration.set(CoapConfig.RESPONSE_MATCHING, CoapConfig.MatcherMode.PRINCIPAL_IDENTITY);
    } else {
      return builder.setInetSocketAddress(address).build();
    }
    try {
      return builder
          .setConnector(new DTLSConnector(dtls(configuration, address, settings)))
          .build();
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw new IOException("DTLS can't be set up: " + e.getMessage(), e);
    }
  }

  private static Configuration configuration() {
    CoapConfig.register();
    UdpConfig.register();
    DtlsConfig.register();
    Configuration configuration = Configuration.createStandardWithoutFile();
    configuration.set(CoapConfig.PREFERRED_BLOCK_SIZE, BLOCK_BYTES);
    configuration.set(CoapConfig.MAX_MESSAGE_SIZE, BLOCK_BYTES);
    configuration.set(CoapConfig.MAX_RESOURCE_BODY_SIZE, Message.BYTES_MAX);
    configuration.set(CoapConfig.BLOCKWISE_STATUS_LIFETIME, 120, TimeUnit.SECONDS);
    configuration.set(CoapConfig.MAX_ACTIVE_PEERS, PEERS_MAX);
    configuration.set(CoapConfig.MAX_RETRANSMIT, 3);
    configuration.set(CoapConfig.PROTOCOL_STAGE_THREAD_COUNT, 1);
    configuration.set(UdpConfig.UDP_RECEIVER_THREAD_COUNT, 1);
    configuration.set(UdpConfig.UDP_SENDER_THREAD_COUNT, 1);
    configuration.set(DtlsConfig.DTLS_ROLE, DtlsRole.SERVER_ONLY);
    configuration.set(DtlsConfig.DTLS_RECEIVER_THREAD_COUNT, 1);
    configuration.set(DtlsConfig.DTLS_CONNECTOR_THREAD_COUNT, 1);
    configuration.set(DtlsConfig.DTLS_MAX_CONNECTIONS, PEERS_MAX);
    configuration.set(DtlsConfig.DTLS_STALE_CONNECTION_THRESHOLD, 60, TimeUnit.SECONDS);
    configuration.set(DtlsConfig.DTLS_CONNECTION_ID_LENGTH, CONNECTION_ID_BYTES);
    return configuration;
  }

  private static DtlsConnectorConfig dtls(
      Configuration configuration, InetSocketAddress address, CoapFrontSettings settings) {
    CoapFrontSettings.Identity identity = settings.identity();
    if (identity != null) {
      configuration.set(
          DtlsConfig.DTLS_CLIENT_AUTHENTICATION_MODE, CertificateAuthenticationMode.NEEDED);
    }
    DtlsConnectorConfig.Builder builder =
        DtlsConnectorConfig.builder(configuration).setAddress(address);
    if (!settings.keys().isEmpty()) {
      AdvancedMultiPskStore keys = new AdvancedMultiPskStore();
      settings.keys().forEach(keys::setKey);
      builder.setAdvancedPskStore(keys);
    }
    if (identity != null) {
      builder.setCertificateIdentityProvider(
          new SingleCertificateProvider(
              identity.key(),
              identity.chain().toArray(new Certificate[0]),
              List.of(CertificateType.X_509)));
      builder.setAdvancedCertificateVerifier(
          StaticNewAdvancedCertificateVerifier.builder()
              .setTrustedCertificates(identity.authorities().toArray(new Certificate[0]))
              .build());
    }
    return builder.build();
  }
}
