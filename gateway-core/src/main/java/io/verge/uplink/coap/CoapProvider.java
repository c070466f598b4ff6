package io.verge.uplink.coap;

import io.verge.uplink.UplinkSettings;
import io.verge.uplink.UplinkTransport;
import io.verge.uplink.UplinkTransportProvider;
import java.net.URI;
import java.util.List;

/** CoAP (RFC 7252), plain ({@code coap}) and over DTLS 1.2 ({@code coaps}). */
public final class CoapProvider implements UplinkTransportProvider {
  private static final int PORT = 5683;
  private static final int PORT_DTLS = 5684;

  private static final long ANSWER_MS = 2000;

  private final long answerMs;
  private final SecureSessions sessions = new SecureSessions();

  public CoapProvider() {
    this(ANSWER_MS);
  }

  /**
   * @param answerMs until a message is sent again, doubled each time (ACK_TIMEOUT of RFC 7252).
   */
  public CoapProvider(long answerMs) {
    this.answerMs = answerMs;
  }

  @Override
  public List<String> schemes() {
    return List.of("coap", "coaps");
  }

  /**
   * @param lastWill not used: CoAP has nobody who would say it.
   */
  @Override
  public UplinkTransport create(UplinkSettings settings, byte[] lastWill) {
    return new CoapConnection(settings, defaultPort(settings.uri()), answerMs, sessions);
  }

  @Override
  public int defaultPort(URI uri) {
    return "coaps".equals(uri.getScheme()) ? PORT_DTLS : PORT;
  }

  /** Forgets the sessions that connections leave to each other. */
  @Override
  public void close() {
    sessions.close();
  }
}
