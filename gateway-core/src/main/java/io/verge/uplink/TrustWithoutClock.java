package io.verge.uplink;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.Date;
import java.util.function.BooleanSupplier;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Believes a server as the JDK does; where the machine's clock was never set, as of the day its
 * certificates begin. A gateway without a battery comes up in 1970 and gets its time from the back
 * end: if it asked 1970 whether that back end's certificate is valid, it would never have either.
 * Who signed it and whose it is are checked all the same, and so is that it had not ended before
 * this software was made.
 */
final class TrustWithoutClock extends X509ExtendedTrustManager {
  private final KeyStore authorities;
  private final X509ExtendedTrustManager usual;
  private final BooleanSupplier clockIsSet;
  private final long earliestMs;

  /**
   * @param earliestMs no clock that is set shows less.
   */
  TrustWithoutClock(KeyStore authorities, BooleanSupplier clockIsSet, long earliestMs)
      throws GeneralSecurityException {
    this.authorities = authorities;
    this.clockIsSet = clockIsSet;
    this.earliestMs = earliestMs;
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(authorities);
    this.usual = only(factory);
  }

  private static X509ExtendedTrustManager only(TrustManagerFactory factory)
      throws GeneralSecurityException {
    for (TrustManager manager : factory.getTrustManagers()) {
      if (manager instanceof X509ExtendedTrustManager found) {
        return found;
      }
    }
    throw new GeneralSecurityException("this Java checks no certificates");
  }

  private X509ExtendedTrustManager judge(X509Certificate[] chain) throws CertificateException {
    if (clockIsSet.getAsBoolean()) {
      return usual;
    }
    long atMs = earliestMs;
    for (X509Certificate certificate : chain) {
      atMs = Math.max(atMs, certificate.getNotBefore().getTime());
    }
    try {
      PKIXBuilderParameters parameters =
          new PKIXBuilderParameters(authorities, new X509CertSelector());
      parameters.setRevocationEnabled(false);
      parameters.setDate(new Date(atMs));
      TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
      factory.init(new CertPathTrustManagerParameters(parameters));
      return only(factory);
    } catch (GeneralSecurityException e) {
      throw new CertificateException("without a clock: " + e.getMessage(), e);
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String kind, Socket socket)
      throws CertificateException {
    judge(chain).checkServerTrusted(chain, kind, socket);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String kind, SSLEngine engine)
      throws CertificateException {
    judge(chain).checkServerTrusted(chain, kind, engine);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String kind) throws CertificateException {
    judge(chain).checkServerTrusted(chain, kind);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String kind, Socket socket)
      throws CertificateException {
    usual.checkClientTrusted(chain, kind, socket);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String kind, SSLEngine engine)
      throws CertificateException {
    usual.checkClientTrusted(chain, kind, engine);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String kind) throws CertificateException {
    usual.checkClientTrusted(chain, kind);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return usual.getAcceptedIssuers();
  }
}
