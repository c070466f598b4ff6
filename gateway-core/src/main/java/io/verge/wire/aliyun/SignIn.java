package io.verge.wire.aliyun;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What a device says to come in (Alibaba Cloud, "Establish MQTT connections over TCP"): the client
 * id names how it was signed, the password is the signature of who and when.
 *
 * @param client MQTT client identifier.
 */
public record SignIn(String client, String user, String password) {
  private static final String HMAC = "HmacSHA256";

  /**
   * @param client its own part of the client identifier.
   * @param timestampMs any number; the gateway's clock need not be right.
   * @param tls whether the connection is TLS.
   */
  public static SignIn of(
      String productKey,
      String deviceName,
      String secret,
      String client,
      long timestampMs,
      boolean tls) {
    String signed =
        "clientId"
            + client
            + "deviceName"
            + deviceName
            + "productKey"
            + productKey
            + "timestamp"
            + timestampMs;
    return new SignIn(
        client
            + "|securemode="
            + (tls ? 2 : 3)
            + ",signmethod=hmacsha256,timestamp="
            + timestampMs
            + "|",
        deviceName + "&" + productKey,
        hmac(secret, signed));
  }

  private static String hmac(String secret, String text) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), HMAC));
      return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + HMAC, e);
    }
  }
}
