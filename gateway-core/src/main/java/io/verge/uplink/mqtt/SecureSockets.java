package io.verge.uplink.mqtt;

import io.verge.time.Ticker;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * Sockets that speak TLS 1.2 or newer, with the host's name checked, over counting sockets: what is
 * counted is what the data plan pays.
 */
final class SecureSockets extends SocketFactory {
  private final SSLContext context;
  private final String host;
  private final int port;
  private final Route route;
  private final Ticker ticker;
  private final AtomicLong sent;
  private final AtomicLong received;

  SecureSockets(
      SSLContext context,
      String host,
      int port,
      Route route,
      Ticker ticker,
      AtomicLong sent,
      AtomicLong received) {
    this.context = context;
    this.route = route;
    this.ticker = ticker;
    this.host = host;
    this.port = port;
    this.sent = sent;
    this.received = received;
  }

  @Override
  public Socket createSocket() {
    return new SecureSocket(
        new CountingSocketFactory.CountingSocket(route, ticker, sent, received));
  }

  @Override
  public Socket createSocket(String toHost, int toPort) throws IOException {
    throw onlyUnconnected();
  }

  @Override
  public Socket createSocket(String toHost, int toPort, InetAddress local, int localPort)
      throws IOException {
    throw onlyUnconnected();
  }

  @Override
  public Socket createSocket(InetAddress toHost, int toPort) throws IOException {
    throw onlyUnconnected();
  }

  @Override
  public Socket createSocket(InetAddress toHost, int toPort, InetAddress local, int localPort)
      throws IOException {
    throw onlyUnconnected();
  }

  private static IOException onlyUnconnected() {
    return new IOException("this factory makes unconnected sockets for one server");
  }

  /** Connects the plain socket, then shakes hands above it, all within one time-out. */
  private final class SecureSocket extends Socket {
    private final CountingSocketFactory.CountingSocket plain;
    private @Nullable SSLSocket secure;

    SecureSocket(CountingSocketFactory.CountingSocket plain) {
      this.plain = plain;
    }

    @Override
    public void connect(SocketAddress endpoint, int timeout) throws IOException {
      plain.within(timeout);
      plain.connect(endpoint, timeout);
      SSLSocket layered =
          (SSLSocket) context.getSocketFactory().createSocket(plain, host, port, true);
      SSLParameters parameters = layered.getSSLParameters();
      parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      layered.setSSLParameters(parameters);
      layered.startHandshake();
      plain.untimed();
      secure = layered;
    }

    private SSLSocket secure() throws SocketException {
      if (secure == null) {
        throw new SocketException("not connected");
      }
      return secure;
    }

    @Override
    public InputStream getInputStream() throws IOException {
      return new AliasedInput(secure().getInputStream(), Options.PACKET_MAX);
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
      return secure().getOutputStream();
    }

    @Override
    public void setSoTimeout(int timeout) throws SocketException {
      plain.setSoTimeout(timeout);
    }

    @Override
    public void setTcpNoDelay(boolean on) throws SocketException {
      plain.setTcpNoDelay(on);
    }

    @Override
    public boolean isConnected() {
      return plain.isConnected();
    }

    @Override
    public boolean isClosed() {
      return plain.isClosed();
    }

    @Override
    public synchronized void close() throws IOException {
      plain.close();
    }
  }
}
