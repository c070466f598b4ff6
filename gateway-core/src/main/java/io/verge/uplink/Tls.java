package io.verge.uplink;

import io.verge.time.TrustedClock;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.BooleanSupplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** TLS identities from PEM files, as operators hold them. */
public final class Tls {
  /** A chain of certificates or a key is a few kilobytes. */
  private static final int PEM_BYTES_MAX = 256 * 1024;

  private static final String[] KEY_KINDS = {"RSA", "EC", "Ed25519"};

  private Tls() {}

  /**
   * A context for a client.
   *
   * @param ca authorities that may sign the server, or null for the system's.
   * @param certificate the client's chain, or null for none.
   * @param key its key, PKCS#8, or the address of one on a token.
   * @throws IOException if a file cannot be read or used; the message names it.
   */
  public static SSLContext context(
      @Nullable Path ca, @Nullable Path certificate, @Nullable Path key) throws IOException {
    return context(ca, certificate, key, TrustedClock::isMachineSet);
  }

  static SSLContext context(
      @Nullable Path ca, @Nullable Path certificate, @Nullable Path key, BooleanSupplier clockIsSet)
      throws IOException {
    try {
      KeyManager[] keys = certificate == null || key == null ? null : keys(certificate, key);
      TrustManager[] trust = {trust(ca, clockIsSet)};
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys, trust, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException("TLS cannot be set up: " + e.getMessage(), e);
    }
  }

  private static KeyManager[] keys(Path certificate, Path key)
      throws IOException, GeneralSecurityException {
    PrivateKey secret = privateKey(key);
    List<X509Certificate> chain = certificates(certificate);
    if (secret.getEncoded() == null) {
      return new KeyManager[] {new OneKey(secret, chain)};
    }
    KeyStore identity = KeyStore.getInstance("PKCS12");
    identity.load(null, null);
    identity.setKeyEntry("verge", secret, new char[0], chain.toArray(new Certificate[0]));
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(identity, new char[0]);
    return factory.getKeyManagers();
  }

  /**
   * Who judges a server's certificate; while the clock was never set, as of the day it begins.
   *
   * @param ca PEM file with the authorities, or null for the system's.
   * @param clockIsSet asked each time.
   */
  public static X509TrustManager trust(@Nullable Path ca, BooleanSupplier clockIsSet)
      throws IOException {
    try {
      KeyStore authorities = KeyStore.getInstance("PKCS12");
      authorities.load(null, null);
      int n = 0;
      for (X509Certificate authority : authorities(ca)) {
        authorities.setCertificateEntry("ca" + n++, authority);
      }
      return new TrustWithoutClock(authorities, clockIsSet, TrustedClock.EARLIEST_MS);
    } catch (GeneralSecurityException e) {
      throw new IOException("certificates cannot be judged: " + e.getMessage(), e);
    }
  }

  /**
   * Who may sign a server.
   *
   * @param ca PEM file, or null for the system's.
   */
  public static List<X509Certificate> authorities(@Nullable Path ca) throws IOException {
    if (ca != null) {
      return certificates(ca);
    }
    try {
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init((KeyStore) null);
      List<X509Certificate> found = new ArrayList<>();
      for (TrustManager manager : factory.getTrustManagers()) {
        if (manager instanceof X509TrustManager known) {
          found.addAll(List.of(known.getAcceptedIssuers()));
        }
      }
      return found;
    } catch (GeneralSecurityException e) {
      throw new IOException("the system's certificate authorities: " + e.getMessage(), e);
    }
  }

  /** The chain in a PEM file, the owner's first. */
  public static List<X509Certificate> certificates(Path file) throws IOException {
    try {
      List<X509Certificate> found = new ArrayList<>();
      for (Certificate one :
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(read(file)))) {
        found.add((X509Certificate) one);
      }
      if (found.isEmpty()) {
        throw new IOException(file + " holds no certificate in PEM");
      }
      return found;
    } catch (GeneralSecurityException e) {
      throw new IOException(file + " is not a certificate in PEM: " + e.getMessage(), e);
    }
  }

  /**
   * The key in a PEM file, PKCS#8, or on the token that the file names instead ({@link Pkcs11}).
   */
  public static PrivateKey privateKey(Path file) throws IOException {
    String pem = new String(read(file), StandardCharsets.US_ASCII);
    if (pem.startsWith(Pkcs11.SCHEME)) {
      try {
        return Pkcs11.key(pem.strip());
      } catch (IOException e) {
        throw new IOException(file + ": " + e.getMessage(), e);
      }
    }
    int begin = pem.indexOf("-----BEGIN PRIVATE KEY-----");
    int end = pem.indexOf("-----END PRIVATE KEY-----");
    if (begin < 0 || end < begin) {
      throw new IOException(
          file + " holds no PKCS#8 key; convert it with: openssl pkcs8 -topk8 -nocrypt -in KEY");
    }
    byte[] der =
        Base64.getMimeDecoder()
            .decode(pem.substring(begin + "-----BEGIN PRIVATE KEY-----".length(), end));
    for (String kind : KEY_KINDS) {
      try {
        return KeyFactory.getInstance(kind).generatePrivate(new PKCS8EncodedKeySpec(der));
      } catch (InvalidKeySpecException anotherKind) {
        continue;
      } catch (GeneralSecurityException e) {
        throw new IOException(file + ": " + e.getMessage(), e);
      }
    }
    throw new IOException(file + " holds a key that is neither RSA, EC nor Ed25519");
  }

  private static byte[] read(Path file) throws IOException {
    if (Files.size(file) > PEM_BYTES_MAX) {
      throw new IOException(file + " is larger than " + PEM_BYTES_MAX + " bytes");
    }
    return Files.readAllBytes(file);
  }

  /** A secret from a file, without the line end an editor adds. */
  public static String secret(Path file) throws IOException {
    return new String(read(file), StandardCharsets.UTF_8).strip();
  }
}
