package io.verge.uplink.coap;

import io.verge.simulator.keys.Authority;
import io.verge.uplink.Tls;
import io.verge.uplink.TrustRules;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import org.eclipse.californium.scandium.dtls.CertificateMessage;
import org.eclipse.californium.scandium.dtls.CertificateType;
import org.eclipse.californium.scandium.dtls.ConnectionId;
import org.eclipse.californium.scandium.dtls.x509.StaticNewAdvancedCertificateVerifier;

/** What DTLS believes with a clock and without one. */
class PatientVerifierTest extends TrustRules {
  @Override
  protected boolean believes(Authority of, String identity, Path ca, boolean clockIsSet)
      throws IOException {
    PatientVerifier verifier =
        new PatientVerifier(
            new StaticNewAdvancedCertificateVerifier(
                Tls.authorities(ca).toArray(new X509Certificate[0]),
                null,
                List.of(CertificateType.X_509)),
            Tls.trust(ca, () -> false),
            () -> clockIsSet);
    return verifier
            .verifyCertificate(
                new ConnectionId(new byte[] {1}),
                null,
                new InetSocketAddress(InetAddress.getByName(HOST), 5684),
                false,
                true,
                false,
                new CertificateMessage(Tls.certificates(of.pem(identity))))
            .getException()
        == null;
  }
}
