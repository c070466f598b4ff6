package io.verge.simulator.link;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A gateway's TCP connection and the one to the back end made for it. */
final class TcpPair {
  private static final Logger LOG = LoggerFactory.getLogger(TcpPair.class);

  /** Pieces on their way: the buffers of a modem, more or less. */
  private static final int PIECES_MAX = 48;

  /** What a segment carries under a usual mobile MTU. */
  static final int SEGMENT_BYTES = 1360;

  /** IPv4 and TCP, without options. */
  static final int HEADER_BYTES = 40;

  private static final int PIECE_BYTES = 16 << 10;

  /** A kernel's usual buffers would be a second, longer queue before the link. */
  static final int SOCKET_BYTES = 8 << 10;

  private final int pieceBytes;

  private final Side gateway;
  private final Side backend;

  /** One end: what arrives here goes into {@code out}. */
  private static final class Side {
    final SocketChannel channel;
    final SelectionKey key;
    final Pipe<ByteBuffer> out;
    final AtomicLong counter;
    boolean ended;
    boolean shut;

    Side(SocketChannel channel, SelectionKey key, Pipe<ByteBuffer> out, AtomicLong counter) {
      this.channel = channel;
      this.key = key;
      this.out = out;
      this.counter = counter;
    }
  }

  TcpPair(
      SocketChannel fromGateway,
      LinkSettings settings,
      Selector selector,
      Medium upwards,
      Medium downwards,
      AtomicLong up,
      AtomicLong down)
      throws IOException {
    pieceBytes = settings.isByPacket() ? SEGMENT_BYTES : PIECE_BYTES;
    SocketChannel toBackend = SocketChannel.open();
    if (settings.bytesPerSecond() > 0) {
      toBackend.setOption(StandardSocketOptions.SO_RCVBUF, SOCKET_BYTES);
    }
    fromGateway.configureBlocking(false);
    toBackend.configureBlocking(false);
    fromGateway.setOption(StandardSocketOptions.TCP_NODELAY, true);
    toBackend.setOption(StandardSocketOptions.TCP_NODELAY, true);
    toBackend.connect(settings.target());
    gateway =
        new Side(
            fromGateway,
            fromGateway.register(selector, SelectionKey.OP_READ, this),
            new Pipe<>(upwards, PIECES_MAX, HEADER_BYTES),
            up);
    backend =
        new Side(
            toBackend,
            toBackend.register(selector, SelectionKey.OP_CONNECT, this),
            new Pipe<>(downwards, PIECES_MAX, HEADER_BYTES),
            down);
  }

  long dueNanos() {
    return Math.min(gateway.out.dueNanos(), backend.out.dueNanos());
  }

  /** Stops or resumes looking at the sockets. */
  void pause(boolean paused) {
    interest(gateway, paused);
    interest(backend, paused);
  }

  private static void interest(Side side, boolean paused) {
    if (side.key.isValid()) {
      boolean reads = !paused && !side.ended && !side.out.isFull() && side.channel.isConnected();
      side.key.interestOps(
          reads ? SelectionKey.OP_READ : side.channel.isConnected() ? 0 : SelectionKey.OP_CONNECT);
    }
  }

  /**
   * @return false if the connection is over.
   */
  boolean serve(SelectionKey key, long nowNanos) {
    try {
      if (key.isConnectable()) {
        backend.channel.finishConnect();
        return true;
      }
      Side side = key == gateway.key ? gateway : backend;
      if (key.isReadable() && !side.ended && !side.out.isFull()) {
        ByteBuffer piece = ByteBuffer.allocate(pieceBytes);
        int count = side.channel.read(piece);
        if (count < 0) {
          side.ended = true;
        } else {
          side.out.put(piece.flip(), count, nowNanos);
        }
      }
      return true;
    } catch (IOException e) {
      LOG.debug("link: connection over: {}", e.getMessage());
      end();
      return false;
    }
  }

  /**
   * Writes what is due.
   *
   * @return false if the connection is over.
   */
  boolean move(long nowNanos) {
    try {
      move(gateway, backend, nowNanos);
      move(backend, gateway, nowNanos);
    } catch (IOException e) {
      LOG.debug("link: connection over: {}", e.getMessage());
      end();
      return false;
    }
    if (gateway.shut && backend.shut) {
      end();
      return false;
    }
    return true;
  }

  private static void move(Side from, Side to, long nowNanos) throws IOException {
    if (!to.channel.isConnected()) {
      return;
    }
    ByteBuffer piece = from.out.due(nowNanos);
    while (piece != null) {
      from.counter.addAndGet(to.channel.write(piece));
      if (piece.hasRemaining()) {
        return;
      }
      from.out.drop();
      piece = from.out.due(nowNanos);
    }
    if (from.ended && !from.shut && from.out.isEmpty()) {
      from.shut = true;
      to.channel.shutdownOutput();
    }
  }

  /** Nothing passes any more, and neither end is told. */
  void strand() {
    gateway.key.cancel();
    backend.key.cancel();
  }

  void end() {
    try {
      gateway.channel.close();
      backend.channel.close();
    } catch (IOException e) {
      LOG.debug("link: close: {}", e.getMessage());
    }
  }
}
