package io.verge.provision;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;

/** The gateway's own key pair, NIST P-256. The private half never leaves the gateway. */
final class GatewayKey {
  private static final String PRIVATE = "PRIVATE KEY";
  private static final String PUBLIC = "PUBLIC KEY";

  private final KeyPair pair;

  private GatewayKey(KeyPair pair) {
    this.pair = pair;
  }

  static GatewayKey make() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return new GatewayKey(generator.generateKeyPair());
  }

  /** From the two PEM files of an earlier provisioning. */
  static GatewayKey read(Path privateHalf, Path publicHalf)
      throws IOException, GeneralSecurityException {
    KeyFactory factory = KeyFactory.getInstance("EC");
    return new GatewayKey(
        new KeyPair(
            factory.generatePublic(new X509EncodedKeySpec(der(publicHalf, PUBLIC))),
            factory.generatePrivate(new PKCS8EncodedKeySpec(der(privateHalf, PRIVATE)))));
  }

  private static byte[] der(Path file, String what) throws IOException, GeneralSecurityException {
    String text = Files.readString(file, StandardCharsets.US_ASCII);
    String inner =
        text.replace("-----BEGIN " + what + "-----", "").replace("-----END " + what + "-----", "");
    try {
      return Base64.getMimeDecoder().decode(inner);
    } catch (IllegalArgumentException e) {
      throw new GeneralSecurityException(file + " is no PEM file of a " + what, e);
    }
  }

  String privatePem() {
    return pem(PRIVATE, pair.getPrivate().getEncoded());
  }

  String publicPem() {
    return pem(PUBLIC, pair.getPublic().getEncoded());
  }

  String requestPem(String gateway) throws GeneralSecurityException {
    return pem("CERTIFICATE REQUEST", CertificateRequest.der(gateway, pair));
  }

  /** SHA-256 of the public key (SubjectPublicKeyInfo), as people compare it. */
  String fingerprint() throws GeneralSecurityException {
    byte[] sum = MessageDigest.getInstance("SHA-256").digest(pair.getPublic().getEncoded());
    return HexFormat.ofDelimiter(":").formatHex(sum);
  }

  /** Whether a certificate (the first, if it is a chain) was made for this key. */
  boolean isOf(String certificatePem) throws GeneralSecurityException {
    Certificate certificate =
        CertificateFactory.getInstance("X.509")
            .generateCertificate(
                new java.io.ByteArrayInputStream(
                    certificatePem.getBytes(StandardCharsets.US_ASCII)));
    Signature signer = Signature.getInstance("SHA256withECDSA");
    byte[] text = "is it ours?".getBytes(StandardCharsets.US_ASCII);
    signer.initSign(pair.getPrivate());
    signer.update(text);
    byte[] signature = signer.sign();
    if (!certificate.getPublicKey().getAlgorithm().equals("EC")) {
      return false;
    }
    signer.initVerify(certificate.getPublicKey());
    signer.update(text);
    return signer.verify(signature);
  }

  private static String pem(String what, byte[] der) {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN " + what + "-----\n" + body + "\n-----END " + what + "-----\n";
  }
}
