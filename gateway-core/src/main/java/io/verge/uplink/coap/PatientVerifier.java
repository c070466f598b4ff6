package io.verge.uplink.coap;

import java.net.InetSocketAddress;
import java.security.cert.CertPath;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.BooleanSupplier;
import javax.net.ssl.X509TrustManager;
import javax.security.auth.x500.X500Principal;
import org.eclipse.californium.elements.util.CertPathUtil;
import org.eclipse.californium.scandium.dtls.AlertMessage;
import org.eclipse.californium.scandium.dtls.AlertMessage.AlertDescription;
import org.eclipse.californium.scandium.dtls.AlertMessage.AlertLevel;
import org.eclipse.californium.scandium.dtls.CertificateMessage;
import org.eclipse.californium.scandium.dtls.CertificateType;
import org.eclipse.californium.scandium.dtls.CertificateVerificationResult;
import org.eclipse.californium.scandium.dtls.ConnectionId;
import org.eclipse.californium.scandium.dtls.HandshakeException;
import org.eclipse.californium.scandium.dtls.HandshakeResultHandler;
import org.eclipse.californium.scandium.dtls.x509.CertificateConfigurationHelper;
import org.eclipse.californium.scandium.dtls.x509.ConfigurationHelperSetup;
import org.eclipse.californium.scandium.dtls.x509.NewAdvancedCertificateVerifier;
import org.eclipse.californium.scandium.dtls.x509.StaticNewAdvancedCertificateVerifier;
import org.eclipse.californium.scandium.util.ServerNames;
import org.jspecify.annotations.Nullable;

/**
 * Judges a server's certificate as Californium does, and where the clock was never set as TLS does
 * then ({@link io.verge.uplink.Tls#trust}): as of the day it begins, with signer, host and use
 * checked as ever.
 */
final class PatientVerifier implements NewAdvancedCertificateVerifier, ConfigurationHelperSetup {
  private final StaticNewAdvancedCertificateVerifier usual;
  private final X509TrustManager withoutClock;
  private final BooleanSupplier clockIsSet;

  PatientVerifier(
      StaticNewAdvancedCertificateVerifier usual,
      X509TrustManager withoutClock,
      BooleanSupplier clockIsSet) {
    this.usual = usual;
    this.withoutClock = withoutClock;
    this.clockIsSet = clockIsSet;
  }

  @Override
  public CertificateVerificationResult verifyCertificate(
      ConnectionId connection,
      @Nullable ServerNames serverName,
      InetSocketAddress peer,
      boolean clientUsage,
      boolean verifySubject,
      boolean truncate,
      CertificateMessage message) {
    CertPath path = message.getCertificateChain();
    if (clockIsSet.getAsBoolean() || path == null || path.getCertificates().isEmpty()) {
      return usual.verifyCertificate(
          connection, serverName, peer, clientUsage, verifySubject, truncate, message);
    }
    X509Certificate[] chain =
        CertPathUtil.toX509CertificatesList(path.getCertificates()).toArray(new X509Certificate[0]);
    try {
      if (!CertPathUtil.canBeUsedForAuthentication(chain[0], clientUsage)) {
        throw refused("its key is not for this use", null);
      }
      if (verifySubject) {
        usual.verifyCertificatesSubject(serverName, peer, chain[0]);
      }
      withoutClock.checkServerTrusted(chain, "UNKNOWN");
      return new CertificateVerificationResult(connection, path, null);
    } catch (HandshakeException e) {
      return new CertificateVerificationResult(connection, e, null);
    } catch (CertificateException e) {
      return new CertificateVerificationResult(
          connection, refused(String.valueOf(e.getMessage()), e), null);
    }
  }

  private static HandshakeException refused(String why, @Nullable Throwable cause) {
    AlertMessage alert = new AlertMessage(AlertLevel.FATAL, AlertDescription.BAD_CERTIFICATE);
    return new HandshakeException("the server's certificate: " + why, alert, cause);
  }

  @Override
  public List<CertificateType> getSupportedCertificateTypes() {
    return usual.getSupportedCertificateTypes();
  }

  @Override
  public List<X500Principal> getAcceptedIssuers() {
    return usual.getAcceptedIssuers();
  }

  @Override
  public void setResultHandler(HandshakeResultHandler handler) {
    usual.setResultHandler(handler);
  }

  @Override
  public void setupConfigurationHelper(CertificateConfigurationHelper helper) {
    usual.setupConfigurationHelper(helper);
  }
}
