package io.verge.uplink.mqtt;

import io.verge.time.Ticker;
import io.verge.uplink.Tls;
import io.verge.uplink.UplinkSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.SocketFactory;

/**
 * Further connections by an uplink's line: its interface, its proxy, its certificates, with every
 * byte at the socket counted.
 */
public final class LineSocket {
  private LineSocket() {}

  /**
   * Connects; TLS 1.2 or newer with the host's name checked where it is wanted.
   *
   * @param sent bytes to the network are added to it; {@code received} those from it.
   * @param timeoutMs for the connection with its handshakes, and afterwards for each read.
   */
  public static Socket open(
      UplinkSettings uplink,
      String host,
      int port,
      boolean secure,
      AtomicLong sent,
      AtomicLong received,
      Ticker ticker,
      int timeoutMs)
      throws IOException {
    Socket socket = factory(uplink, host, port, secure, sent, received, ticker).createSocket();
    try {
      socket.connect(
          uplink.line().proxy() != null
              ? InetSocketAddress.createUnresolved(host, port)
              : new InetSocketAddress(host, port),
          timeoutMs);
      socket.setSoTimeout(timeoutMs);
      return socket;
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  /** What makes unconnected sockets for one server. */
  static SocketFactory factory(
      UplinkSettings uplink,
      String host,
      int port,
      boolean secure,
      AtomicLong sent,
      AtomicLong received,
      Ticker ticker)
      throws IOException {
    Route route = new Route(uplink.line());
    return secure
        ? new SecureSockets(
            Tls.context(uplink.ca(), uplink.certificate(), uplink.key()),
            host,
            port,
            route,
            ticker,
            sent,
            received)
        : new CountingSocketFactory(route, ticker, sent, received);
  }
}
