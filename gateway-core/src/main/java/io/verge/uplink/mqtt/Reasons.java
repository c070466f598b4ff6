package io.verge.uplink.mqtt;

import java.security.GeneralSecurityException;
import java.util.Set;
import java.util.stream.IntStream;
import javax.net.ssl.SSLException;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.jspecify.annotations.Nullable;

/** What the reason codes of MQTT 5 (section 2.4) and Paho's exceptions mean to an uplink. */
final class Reasons {
  /** Bad user or password, not authorised, banned, client id refused (table 3-1). */
  private static final Set<Integer> REFUSALS = Set.of(0x84, 0x85, 0x86, 0x87, 0x8A, 0x8C);

  /** Unspecified, implementation specific, payload format invalid: sending it again won't help. */
  private static final Set<Integer> OF_MESSAGE = Set.of(0x80, 0x83, 0x99);

  /** PUBACK and SUBACK: from here on a reason is a refusal. */
  private static final int FAILURE_FROM = 0x80;

  private Reasons() {}

  static boolean isFailure(int reason) {
    return reason >= FAILURE_FROM;
  }

  /** Whether trying soon will not help. */
  static boolean isRefusal(int reason) {
    return REFUSALS.contains(reason);
  }

  /** Whether it is this message that the broker can't take. */
  static boolean isOfMessage(int reason) {
    return OF_MESSAGE.contains(reason);
  }

  /**
   * A certificate that is not believed, ours or theirs, is a refusal; a handshake cut short is a
   * bad link.
   */
  static boolean isRefusal(@Nullable Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof GeneralSecurityException
          || cause instanceof SSLException
              && String.valueOf(cause.getMessage()).contains("fatal alert")
          || cause instanceof MqttException mqtt && isRefusal(mqtt.getReasonCode())) {
        return true;
      }
    }
    return false;
  }

  /** The worst reason that an answer gives. */
  static int worst(IMqttToken answered) {
    int[] reasons = answered.getReasonCodes();
    return reasons == null ? 0 : IntStream.of(reasons).max().orElse(0);
  }

  static String words(@Nullable Throwable failure) {
    if (failure == null) {
      return "connection lost";
    }
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String text = root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    return failure instanceof MqttException mqtt && mqtt.getReasonCode() > 0
        ? text + " (" + mqtt.getReasonCode() + ")"
        : text;
  }
}
