package io.verge.uplink.coap;

import java.security.GeneralSecurityException;
import java.util.Set;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.scandium.dtls.AlertMessage;
import org.eclipse.californium.scandium.dtls.DtlsHandshakeTimeoutException;
import org.eclipse.californium.scandium.dtls.HandshakeException;

/**
 * Why a request got nowhere.
 *
 * @param refused the other side said no: trying soon will not help.
 * @param isOfMessage it is this message that the other side cannot take.
 */
record Failure(String why, boolean refused, boolean isOfMessage) {
  private static final Set<ResponseCode> OF_MESSAGE =
      Set.of(
          ResponseCode.BAD_REQUEST,
          ResponseCode.REQUEST_ENTITY_TOO_LARGE,
          ResponseCode.UNPROCESSABLE_ENTITY);

  Failure(String why, boolean refused) {
    this(why, refused, false);
  }

  private static final int DIAGNOSIS_MAX = 100;

  private static final Set<AlertMessage.AlertDescription> REFUSALS =
      Set.of(
          AlertMessage.AlertDescription.ACCESS_DENIED,
          AlertMessage.AlertDescription.BAD_CERTIFICATE,
          AlertMessage.AlertDescription.BAD_RECORD_MAC,
          AlertMessage.AlertDescription.CERTIFICATE_EXPIRED,
          AlertMessage.AlertDescription.CERTIFICATE_REVOKED,
          AlertMessage.AlertDescription.CERTIFICATE_UNKNOWN,
          AlertMessage.AlertDescription.DECRYPT_ERROR,
          AlertMessage.AlertDescription.HANDSHAKE_FAILURE,
          AlertMessage.AlertDescription.INSUFFICIENT_SECURITY,
          AlertMessage.AlertDescription.NO_CERTIFICATE_RESERVED,
          AlertMessage.AlertDescription.PROTOCOL_VERSION,
          AlertMessage.AlertDescription.UNKNOWN_CA,
          AlertMessage.AlertDescription.UNKNOWN_PSK_IDENTITY,
          AlertMessage.AlertDescription.UNSUPPORTED_CERTIFICATE);

  /** Something that could not be sent: no route, or no DTLS session. */
  static Failure of(Throwable error) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof DtlsHandshakeTimeoutException) {
        // A server that finds the key wrong says nothing, and neither does one that is not there.
        return new Failure("no answer to the DTLS handshake, or the key is wrong", false);
      }
      if (cause instanceof HandshakeException handshake) {
        AlertMessage alert = handshake.getAlert();
        boolean refused = alert != null && REFUSALS.contains(alert.getDescription());
        return new Failure("DTLS: " + words(handshake), refused);
      }
      if (cause instanceof GeneralSecurityException) {
        return new Failure("DTLS: " + words(cause), true);
      }
    }
    return new Failure(words(error), false);
  }

  /** A response that is no success. */
  static Failure of(Response response) {
    ResponseCode code = response.getCode();
    String diagnosis = response.getPayloadString();
    String why = code + " " + code.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
    if (!diagnosis.isEmpty()) {
      String shown =
          diagnosis.length() > DIAGNOSIS_MAX ? diagnosis.substring(0, DIAGNOSIS_MAX) : diagnosis;
      why += " (" + shown.replaceAll("\\p{Cntrl}", " ") + ")";
    }
    return new Failure(
        why,
        code == ResponseCode.UNAUTHORIZED || code == ResponseCode.FORBIDDEN,
        OF_MESSAGE.contains(code));
  }

  private static String words(Throwable error) {
    return error.getMessage() == null ? error.getClass().getSimpleName() : error.getMessage();
  }
}
