package io.verge.uplink.coap;

import io.verge.bytes.Decoded;
import io.verge.bytes.Hex;
import io.verge.time.TrustedClock;
import io.verge.uplink.Tls;
import io.verge.uplink.UplinkSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConfig.DtlsRole;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.CertificateType;
import org.eclipse.californium.scandium.dtls.pskstore.AdvancedSinglePskStore;
import org.eclipse.californium.scandium.dtls.x509.SingleCertificateProvider;
import org.eclipse.californium.scandium.dtls.x509.StaticNewAdvancedCertificateVerifier;

/** DTLS 1.2 as a client: by a pre-shared key, or by certificates with the host's name checked. */
final class Dtls {
  private static final int PSK_BYTES_MIN = 16;
  private static final int PSK_BYTES_MAX = 64;
  private static final int RETRANSMISSIONS = 3;

  private Dtls() {}

  /**
   * @throws IOException if keys or certificates cannot be read or used; the message names the file.
   */
  static DtlsConnectorConfig client(Configuration configuration, UplinkSettings settings)
      throws IOException {
    configuration.set(DtlsConfig.DTLS_ROLE, DtlsRole.CLIENT_ONLY);
    configuration.set(DtlsConfig.DTLS_MAX_RETRANSMISSIONS, RETRANSMISSIONS);
    // Understands connection ids and needs none itself: a new address behind the same NAT goes on.
    configuration.set(DtlsConfig.DTLS_CONNECTION_ID_LENGTH, 0);
    configuration.set(DtlsConfig.DTLS_VERIFY_SERVER_CERTIFICATES_SUBJECT, true);
    configuration.set(DtlsConfig.DTLS_MAX_CONNECTIONS, 16);
    DtlsConnectorConfig.Builder builder = DtlsConnectorConfig.builder(configuration);
    String identity = settings.pskIdentity();
    Path file = settings.pskFile();
    if (identity != null && file != null) {
      builder.setAdvancedPskStore(new AdvancedSinglePskStore(identity, key(file)));
    } else {
      certificates(builder, settings);
    }
    return builder.build();
  }

  private static void certificates(DtlsConnectorConfig.Builder builder, UplinkSettings settings)
      throws IOException {
    X509Certificate[] authorities = Tls.authorities(settings.ca()).toArray(new X509Certificate[0]);
    builder.setAdvancedCertificateVerifier(
        new PatientVerifier(
            new StaticNewAdvancedCertificateVerifier(
                authorities, null, List.of(CertificateType.X_509)),
            Tls.trust(settings.ca(), () -> false),
            TrustedClock::isMachineSet));
    Path certificate = settings.certificate();
    Path key = settings.key();
    if (certificate != null && key != null) {
      try {
        builder.setCertificateIdentityProvider(
            new SingleCertificateProvider(
                Tls.privateKey(key),
                Tls.certificates(certificate).toArray(new Certificate[0]),
                List.of(CertificateType.X_509)));
      } catch (IllegalArgumentException e) {
        throw new IOException(certificate + " and " + key + ": " + e.getMessage(), e);
      }
    }
  }

  private static byte[] key(Path file) throws IOException {
    Decoded<byte[]> key = Hex.parse(Tls.secret(file));
    if (!(key instanceof Decoded.Valid<byte[]> valid)) {
      throw new IOException(file + " holds no key in hexadecimal digits");
    }
    int length = valid.value().length;
    if (length < PSK_BYTES_MIN || length > PSK_BYTES_MAX) {
      throw new IOException(
          file
              + " holds a key of "
              + length
              + " bytes, expected "
              + PSK_BYTES_MIN
              + " to "
              + PSK_BYTES_MAX
              + "; make one with: openssl rand -hex 32");
    }
    return valid.value();
  }
}
