package io.verge.uplink.mqtt;

import io.verge.time.Ticker;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.SocketFactory;

/** Plain sockets that count what passes. */
final class CountingSocketFactory extends SocketFactory {
  private static final int CONNECT_MS = 10_000;

  private final Route route;
  private final Ticker ticker;
  private final AtomicLong sent;
  private final AtomicLong received;

  CountingSocketFactory(Route route, Ticker ticker, AtomicLong sent, AtomicLong received) {
    this.route = route;
    this.ticker = ticker;
    this.sent = sent;
    this.received = received;
  }

  @Override
  public Socket createSocket() {
    return new CountingSocket(route, ticker, sent, received) {
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
    private final Ticker ticker;
    private final AtomicLong sent;
    private final AtomicLong received;
    private boolean isTimed;
    private long untilNanos;

    CountingSocket(Route route, Ticker ticker, AtomicLong sent, AtomicLong received) {
      this.route = route;
      this.ticker = ticker;
      this.sent = sent;
      this.received = received;
    }

    /**
     * All reads together, and a connection before them, end at a deadline: who drips ends there, as
     * who is silent does.
     */
    final void within(long ms) {
      isTimed = true;
      untilNanos = ticker.nanos() + ms * 1_000_000;
    }

    /** From now on a read waits for ever. */
    final void untimed() throws SocketException {
      isTimed = false;
      setSoTimeout(0);
    }

    private int leftMs() throws SocketTimeoutException {
      long leftMs = (untilNanos - ticker.nanos()) / 1_000_000;
      if (leftMs <= 0) {
        throw new SocketTimeoutException("the other end has not come to an end in time");
      }
      return (int) Math.min(leftMs, Integer.MAX_VALUE);
    }

    /** Within {@code timeout} with all that a proxy has to say, or within an earlier deadline. */
    @Override
    public void connect(SocketAddress endpoint, int timeout) throws IOException {
      boolean hasOwnDeadline = !isTimed;
      if (hasOwnDeadline) {
        within(timeout);
      }
      InetSocketAddress server = (InetSocketAddress) endpoint;
      InetSocketAddress first = route.first(server);
      InetSocketAddress source = route.source(first);
      if (source != null) {
        bind(source);
      }
      super.connect(first, leftMs());
      if (route.hasProxy()) {
        route.ask(server, raw(), getOutputStream());
      }
      if (hasOwnDeadline) {
        untimed();
      }
    }

    @Override
    public InputStream getInputStream() throws IOException {
      return raw();
    }

    private void timeNextRead() throws SocketException, SocketTimeoutException {
      if (isTimed) {
        setSoTimeout(leftMs());
      }
    }

    /** Bytes as they come, counted. */
    final InputStream raw() throws IOException {
      return new FilterInputStream(super.getInputStream()) {
        @Override
        public int read() throws IOException {
          timeNextRead();
          int one = super.read();
          received.addAndGet(one < 0 ? 0 : 1);
          return one;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
          timeNextRead();
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
