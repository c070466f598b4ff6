package io.verge.provision;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;

/** A PKCS #10 certification request (RFC 2986) in DER, signed with SHA-256 and ECDSA. */
final class CertificateRequest {
  private static final int INTEGER = 0x02;
  private static final int BIT_STRING = 0x03;
  private static final int OID = 0x06;
  private static final int UTF8 = 0x0c;
  private static final int SEQUENCE = 0x30;
  private static final int SET = 0x31;

  /** Context tag 0, constructed: the attributes, of which there are none. */
  private static final int ATTRIBUTES = 0xa0;

  /** 2.5.4.3, X.520. */
  private static final byte[] COMMON_NAME = {0x55, 0x04, 0x03};

  /** 1.2.840.10045.4.3.2, RFC 5758 section 3.2. */
  private static final byte[] ECDSA_WITH_SHA256 = {
    0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 0x04, 0x03, 0x02
  };

  private CertificateRequest() {}

  /**
   * @param commonName the gateway's id.
   * @param keys on an elliptic curve.
   */
  static byte[] der(String commonName, KeyPair keys) throws GeneralSecurityException {
    byte[] name =
        value(
            SEQUENCE,
            value(
                SET,
                value(
                    SEQUENCE,
                    value(OID, COMMON_NAME),
                    value(UTF8, commonName.getBytes(StandardCharsets.UTF_8)))));
    byte[] about =
        value(
            SEQUENCE,
            value(INTEGER, BigInteger.ZERO.toByteArray()),
            name,
            keys.getPublic().getEncoded(),
            value(ATTRIBUTES));
    Signature signer = Signature.getInstance("SHA256withECDSA");
    signer.initSign(keys.getPrivate());
    signer.update(about);
    return value(
        SEQUENCE,
        about,
        value(SEQUENCE, value(OID, ECDSA_WITH_SHA256)),
        value(BIT_STRING, new byte[] {0}, signer.sign()));
  }

  private static byte[] value(int tag, byte[]... parts) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      content.writeBytes(part);
    }
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    whole.write(tag);
    int length = content.size();
    if (length >= 0x80) {
      byte[] bytes = BigInteger.valueOf(length).toByteArray();
      int from = bytes[0] == 0 ? 1 : 0;
      whole.write(0x80 | (bytes.length - from));
      whole.write(bytes, from, bytes.length - from);
    } else {
      whole.write(length);
    }
    whole.writeBytes(content.toByteArray());
    return whole.toByteArray();
  }
}
