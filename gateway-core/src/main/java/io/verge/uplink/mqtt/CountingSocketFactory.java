package io.verge.uplink.mqtt;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.SocketFactory;

/** Plain sockets that count what passes. */
final class CountingSocketFactory extends SocketFactory {
  private static final int CONNECT_MS = 10_000;

  private final Route route;
  private final AtomicLong sent;
  private final AtomicLong received;

  CountingSocketFactory(Route route, AtomicLong sent, AtomicLong received) {
    this.route = route;
    this.sent = sent;
    this.received = received;
  }

  @Override
  public Socket createSocket() {
    return new CountingSocket(route, sent, received) {
      @Override
      public InputStream getInputStream() throws IOException {
        return new AliasedInput(raw(), Options.PACKET_MAX);
      }
    };
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return connected(new InetSocketAddress(host, port));
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress local, int localPort)
      throws IOException {
    return connected(new InetSocketAddress(host, port));
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return connected(new InetSocketAddress(host, port));
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort)
      throws IOException {
    return connected(new InetSocketAddress(host, port));
  }

  private Socket connected(SocketAddress address) throws IOException {
    Socket socket = createSocket();
    socket.connect(address, CONNECT_MS);
    return socket;
  }

  /** A socket whose streams count, connected by a route. */
  static class CountingSocket extends Socket {
    private final Route route;
    private final AtomicLong sent;
    private final AtomicLong received;

    CountingSocket(Route route, AtomicLong sent, AtomicLong received) {
      this.route = route;
      this.sent = sent;
      this.received = received;
    }

    @Override
    public void connect(SocketAddress endpoint, int timeout) throws IOException {
      InetSocketAddress server = (InetSocketAddress) endpoint;
      InetSocketAddress first = route.first(server);
      InetSocketAddress source = route.source(first);
      if (source != null) {
        bind(source);
      }
      super.connect(first, timeout);
      if (route.hasProxy()) {
        setSoTimeout(timeout);
        route.ask(server, raw(), getOutputStream());
        setSoTimeout(0);
      }
    }

    @Override
    public InputStream getInputStream() throws IOException {
      return raw();
    }

    /** Bytes as they come, counted. */
    final InputStream raw() throws IOException {
      return new FilterInputStream(super.getInputStream()) {
        @Override
        public int read() throws IOException {
          int one = super.read();
          received.addAndGet(one < 0 ? 0 : 1);
          return one;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
          int count = super.read(target, offset, length);
          received.addAndGet(Math.max(0, count));
          return count;
        }
      };
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
      return new FilterOutputStream(super.getOutputStream()) {
        @Override
        public void write(int one) throws IOException {
          out.write(one);
          sent.incrementAndGet();
        }

        @Override
        public void write(byte[] source, int offset, int length) throws IOException {
          out.write(source, offset, length);
          sent.addAndGet(length);
        }
      };
    }
  }
}
