package io.verge.update;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Ed25519 keys (RFC 8032) in PEM files, as {@code openssl genpkey -algorithm ed25519} makes them.
 */
public final class Keys {
  static final int SIGNATURE_BYTES = 64;

  private static final String ALGORITHM = "Ed25519";
  private static final int FILE_MAX = 4096;
  private static final int KEYS_MAX = 20;

  private final Map<String, PublicKey> trusted;

  private Keys(Map<String, PublicKey> trusted) {
    this.trusted = trusted;
  }

  /**
   * The public keys whose bundles are taken: all {@code *.pem} of a folder; none if it is not
   * there.
   */
  public static Keys trusted(Path folder) throws IOException, UpdateException {
    Map<String, PublicKey> keys = new LinkedHashMap<>();
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.pem")) {
        for (Path file : files) {
          if (keys.size() == KEYS_MAX) {
            throw new UpdateException(
                folder + " holds more than " + KEYS_MAX + " keys", "take out those not in use");
          }
          keys.put(String.valueOf(file.getFileName()), publicKey(file));
        }
      } catch (DirectoryIteratorException e) {
        throw e.getCause();
      }
    }
    return new Keys(keys);
  }

  boolean isEmpty() {
    return trusted.isEmpty();
  }

  /** Which of the trusted keys made this signature, by the name of its file. */
  Optional<String> signer(byte[] signed, byte[] signature) throws UpdateException {
    for (Map.Entry<String, PublicKey> key : trusted.entrySet()) {
      if (verifies(key.getValue(), signed, signature)) {
        return Optional.of(key.getKey());
      }
    }
    return Optional.empty();
  }

  private static boolean verifies(PublicKey key, byte[] signed, byte[] signature)
      throws UpdateException {
    Signature verifier;
    try {
      verifier = Signature.getInstance(ALGORITHM);
      verifier.initVerify(key);
      verifier.update(signed);
    } catch (GeneralSecurityException e) {
      throw new UpdateException(
          "this Java runtime has no Ed25519: " + e.getMessage(), "install the package anew", e);
    }
    try {
      return verifier.verify(signature);
    } catch (GeneralSecurityException malformed) {
      return false;
    }
  }

  static byte[] sign(PrivateKey key, byte[] text) throws GeneralSecurityException {
    Signature signer = Signature.getInstance(ALGORITHM);
    signer.initSign(key);
    signer.update(text);
    return signer.sign();
  }

  private static PublicKey publicKey(Path file) throws IOException, UpdateException {
    try {
      return KeyFactory.getInstance(ALGORITHM)
          .generatePublic(new X509EncodedKeySpec(pem(file, "PUBLIC KEY")));
    } catch (GeneralSecurityException e) {
      throw notAKey(file, "public", e);
    }
  }

  /** A private key in PKCS #8. */
  public static PrivateKey privateKey(Path file) throws IOException, UpdateException {
    try {
      return KeyFactory.getInstance(ALGORITHM)
          .generatePrivate(new PKCS8EncodedKeySpec(pem(file, "PRIVATE KEY")));
    } catch (GeneralSecurityException e) {
      throw notAKey(file, "private", e);
    }
  }

  private static byte[] pem(Path file, String what) throws IOException, UpdateException {
    if (Files.size(file) > FILE_MAX) {
      throw notAKey(file, what, null);
    }
    String text = Files.readString(file, StandardCharsets.US_ASCII);
    String begin = "-----BEGIN " + what + "-----";
    String end = "-----END " + what + "-----";
    int from = text.indexOf(begin);
    int to = text.indexOf(end);
    if (from < 0 || to < from) {
      throw notAKey(file, what, null);
    }
    try {
      return Base64.getMimeDecoder().decode(text.substring(from + begin.length(), to));
    } catch (IllegalArgumentException e) {
      throw notAKey(file, what, e);
    }
  }

  private static UpdateException notAKey(
      Path file, String what, @org.jspecify.annotations.Nullable Throwable cause) {
    return new UpdateException(
        file + " is no Ed25519 key (" + what + ") in PEM",
        "openssl genpkey -algorithm ed25519 -out update.key;"
            + " openssl pkey -in update.key -pubout -out update.pem",
        cause);
  }
}
