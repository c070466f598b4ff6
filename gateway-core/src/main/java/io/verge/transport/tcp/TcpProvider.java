package io.verge.transport.tcp;

import io.verge.time.Ticker;
import io.verge.transport.ByteTransport;
import io.verge.transport.GpioChip;
import io.verge.transport.PortUri;
import io.verge.transport.TransportException;
import io.verge.transport.TransportProvider;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** Raw TCP: {@code tcp:host:port}. */
public final class TcpProvider implements TransportProvider {
  private static final int CONNECT_MS = 3_000;
  private static final int PORT_MOST = 65_535;

  @Override
  public String scheme() {
    return "tcp";
  }

  @Override
  public boolean hasLines() {
    return false;
  }

  @Override
  public List<String> check(PortUri uri) {
    List<String> wrong = new ArrayList<>();
    int colon = uri.place().lastIndexOf(':');
    String port = uri.place().substring(colon + 1);
    if (colon <= 0
        || !port.matches("[0-9]{1,5}")
        || Integer.parseInt(port) < 1
        || Integer.parseInt(port) > PORT_MOST) {
      wrong.add("'" + uri.place() + "' is not host:port, expected for example 10.0.0.7:4001");
    }
    for (String key : uri.options().keySet()) {
      wrong.add("unknown option '" + key + "', expected none");
    }
    return wrong;
  }

  @Override
  public ByteTransport open(PortUri uri, Ticker ticker) throws TransportException {
    List<String> wrong = check(uri);
    if (!wrong.isEmpty()) {
      throw new TransportException(uri + ": " + wrong.get(0), false);
    }
    int colon = uri.place().lastIndexOf(':');
    InetSocketAddress address =
        new InetSocketAddress(
            uri.place().substring(0, colon), Integer.parseInt(uri.place().substring(colon + 1)));
    if (address.isUnresolved()) {
      throw new TransportException(uri + ": host " + address.getHostString() + " unknown", true);
    }
    SocketChannel channel = null;
    try {
      channel = SocketChannel.open();
      channel.socket().connect(address, CONNECT_MS);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
      return new TcpTransport(uri.place(), channel, ticker);
    } catch (IOException e) {
      TransportException failure = new TransportException(uri + ": " + e.getMessage(), true, e);
      if (channel != null) {
        try {
          channel.close();
        } catch (IOException closing) {
          failure.addSuppressed(closing);
        }
      }
      throw failure;
    }
  }

  @Override
  public GpioChip openLines(PortUri uri, Ticker ticker) throws TransportException {
    throw new TransportException(uri + " has no lines", false);
  }
}
