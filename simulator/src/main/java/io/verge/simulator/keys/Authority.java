package io.verge.simulator.keys;

import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A certificate authority with keys on P-256, for two days; its certificates (RFC 5280) go into PEM
 * files {@code NAME.pem} and {@code NAME.key}. Its own key is never written.
 */
public final class Authority {
  private static final Duration LIFE = Duration.ofDays(2);
  private static final Pattern IPV4 = Pattern.compile("[0-9]+(\\.[0-9]+){3}");
  private static final byte[] ECDSA_SHA256 = Der.sequence(Der.oid(1, 2, 840, 10045, 4, 3, 2));
  private static final byte[] KEY_CERT_SIGN = Der.bits(2, (byte) 0x04);
  private static final byte[] DIGITAL_SIGNATURE = Der.bits(7, (byte) 0x80);

  private final Path folder;
  private final String name;
  private final KeyPair keys = newKeys();
  private final SecureRandom random = new SecureRandom();

  /**
   * Makes the authority, and writes {@code NAME.pem}.
   *
   * @param folder where the files go; it exists.
   */
  public Authority(Path folder, String name) throws IOException {
    this.folder = folder;
    this.name = name;
    Instant now = Instant.now();
    byte[] constraints = Der.sequence(Der.isTrue());
    write(
        pem(name),
        "CERTIFICATE",
        certificate(
            name,
            keys,
            now.minus(LIFE),
            now.plus(LIFE),
            List.of(extension(19, true, constraints), extension(15, true, KEY_CERT_SIGN))));
  }

  public Path pem(String of) {
    return folder.resolve(of + ".pem");
  }

  public Path key(String of) {
    return folder.resolve(of + ".key");
  }

  /**
   * Makes a key and a certificate for it, and writes both.
   *
   * @param commonName also the name of the files.
   * @param hosts DNS names and IPv4 addresses; none for a client.
   */
  public void sign(String commonName, String... hosts) throws IOException {
    Instant now = Instant.now();
    sign(commonName, now.minus(LIFE), now.plus(LIFE), hosts);
  }

  /** The same for a life of its own. */
  public void sign(String commonName, Instant from, Instant to, String... hosts)
      throws IOException {
    KeyPair own = newKeys();
    List<byte[]> extensions = new ArrayList<>();
    extensions.add(extension(15, true, DIGITAL_SIGNATURE));
    if (hosts.length > 0) {
      byte[][] names = new byte[hosts.length][];
      for (int i = 0; i < hosts.length; i++) {
        names[i] =
            IPV4.matcher(hosts[i]).matches()
                ? Der.of(0x87, InetAddress.getByName(hosts[i]).getAddress())
                : Der.of(0x82, hosts[i].getBytes(StandardCharsets.US_ASCII));
      }
      extensions.add(extension(17, false, Der.sequence(names)));
    }
    write(pem(commonName), "CERTIFICATE", certificate(commonName, own, from, to, extensions));
    write(key(commonName), "PRIVATE KEY", own.getPrivate().getEncoded());
  }

  /** Extension {@code id-ce number}. */
  private static byte[] extension(int number, boolean critical, byte[] value) {
    byte[] oid = Der.oid(2, 5, 29, number);
    return critical
        ? Der.sequence(oid, Der.isTrue(), Der.octets(value))
        : Der.sequence(oid, Der.octets(value));
  }

  private byte[] certificate(
      String subject, KeyPair of, Instant from, Instant to, List<byte[]> extensions)
      throws IOException {
    byte[] signed =
        Der.sequence(
            Der.of(0xA0, Der.integer(BigInteger.TWO)),
            Der.integer(new BigInteger(63, random).add(BigInteger.ONE)),
            ECDSA_SHA256,
            Der.name(name),
            Der.sequence(Der.time(from), Der.time(to)),
            Der.name(subject),
            of.getPublic().getEncoded(),
            Der.of(0xA3, Der.sequence(extensions.toArray(new byte[0][]))));
    try {
      Signature signature = Signature.getInstance("SHA256withECDSA");
      signature.initSign(keys.getPrivate());
      signature.update(signed);
      return Der.sequence(signed, ECDSA_SHA256, Der.bits(0, signature.sign()));
    } catch (GeneralSecurityException e) {
      throw new IOException("a certificate can't be signed: " + e.getMessage(), e);
    }
  }

  private static KeyPair newKeys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no P-256", e);
    }
  }

  /** Readable by the owner only. */
  private static void write(Path file, String what, byte[] der) throws IOException {
    Files.deleteIfExists(file);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    Files.writeString(
        file, "-----BEGIN " + what + "-----\n" + body + "\n-----END " + what + "-----\n");
  }
}
