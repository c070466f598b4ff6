package io.verge.transport.tcp;

import io.verge.time.Ticker;
import io.verge.transport.ByteTransport;
import io.verge.transport.TransportException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An open TCP connection; a selector waits, so an idle read costs nothing. */
final class TcpTransport implements ByteTransport {
  private static final Logger LOG = LoggerFactory.getLogger(TcpTransport.class);
  private static final int DISCARD_BYTES = 4096;

  /** Input thrown away at once; a peer that sends more is babbling. */
  private static final int DISCARD_ROUNDS = 64;

  private final String peer;
  private final SocketChannel channel;
  private final Selector selector;
  private final SelectionKey key;
  private final Ticker ticker;

  TcpTransport(String peer, SocketChannel channel, Ticker ticker) throws IOException {
    this.peer = peer;
    this.channel = channel;
    this.ticker = ticker;
    channel.configureBlocking(false);
    this.selector = Selector.open();
    this.key = channel.register(selector, SelectionKey.OP_READ);
  }

  @Override
  public void write(byte[] source, long deadlineNanos) throws TransportException {
    ByteBuffer bytes = ByteBuffer.wrap(source);
    try {
      while (channel.write(bytes) >= 0 && bytes.hasRemaining()) {
        if (!await(SelectionKey.OP_WRITE, deadlineNanos)) {
          throw new TransportException(peer + ": could not send in time", true);
        }
      }
    } catch (IOException e) {
      throw new TransportException(peer + ": " + e.getMessage(), true, e);
    }
  }

  @Override
  public int read(byte[] target, int offset, long deadlineNanos) throws TransportException {
    try {
      do {
        int count = channel.read(ByteBuffer.wrap(target, offset, target.length - offset));
        if (count < 0) {
          throw new TransportException(peer + " closed the connection", true);
        }
        if (count > 0) {
          return count;
        }
      } while (await(SelectionKey.OP_READ, deadlineNanos));
      return 0;
    } catch (IOException e) {
      throw new TransportException(peer + ": " + e.getMessage(), true, e);
    }
  }

  /** False once the deadline has passed, or the thread is told to stop. */
  private boolean await(int operation, long deadlineNanos) throws IOException {
    long left = deadlineNanos - ticker.nanos();
    if (left <= 0 || Thread.currentThread().isInterrupted()) {
      return false;
    }
    try {
      key.interestOps(operation);
      selector.select(Math.max(1, left / 1_000_000));
      selector.selectedKeys().clear();
      return true;
    } catch (CancelledKeyException | ClosedSelectorException e) {
      throw new IOException("closed by us", e);
    }
  }

  @Override
  public void discardInput() throws TransportException {
    ByteBuffer sink = ByteBuffer.allocate(DISCARD_BYTES);
    try {
      for (int i = 0; i < DISCARD_ROUNDS; i++) {
        sink.clear();
        int count = channel.read(sink);
        if (count < 0) {
          throw new TransportException(peer + " closed the connection", true);
        }
        if (count == 0) {
          return;
        }
      }
    } catch (IOException e) {
      throw new TransportException(peer + ": " + e.getMessage(), true, e);
    }
  }

  @Override
  public long characterNanos() {
    return 0;
  }

  @Override
  public void close() {
    try {
      try (selector) {
        channel.close();
      }
    } catch (IOException e) {
      LOG.debug("closing {}: {}", peer, e.getMessage());
    }
  }
}
