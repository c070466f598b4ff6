package io.verge.simulator.broker;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One client's socket: cuts the stream into packets, and writes what the hub sends. */
final class Client implements Link {
  private static final Logger LOG = LoggerFactory.getLogger(Client.class);

  /** Bytes that wait for a client that does not read; a few of the longest messages. */
  private static final int UNSENT_MAX = 8 << 20;

  private static final int READ_BYTES = 64 << 10;

  private final SocketChannel channel;
  private final Hub hub;
  private final Hub.Peer peer;
  private final Consumer<Client> onGone;
  private final ArrayDeque<ByteBuffer> unsent = new ArrayDeque<>();
  private final ByteBuffer chunk = ByteBuffer.allocate(READ_BYTES);
  private byte[] stream = new byte[1024];
  private int filled;
  private long unsentBytes;
  private boolean closing;
  private boolean gone;
  private @Nullable SelectionKey key;

  Client(SocketChannel channel, Hub hub, Consumer<Client> onGone) {
    this.channel = channel;
    this.hub = hub;
    this.onGone = onGone;
    this.peer = new Hub.Peer(this, System.nanoTime());
  }

  void register(Selector selector) throws ClosedChannelException {
    key = channel.register(selector, SelectionKey.OP_READ, this);
  }

  void serve() {
    try {
      if (key != null && key.isValid() && key.isWritable()) {
        flush();
      }
      if (!gone && !closing && key != null && key.isValid() && key.isReadable()) {
        read();
      }
    } catch (IOException e) {
      LOG.debug("broker: connection lost: {}", e.getMessage());
      end();
    }
  }

  private void read() throws IOException {
    chunk.clear();
    int count = channel.read(chunk);
    if (count < 0) {
      end();
      return;
    }
    if (filled + count > stream.length) {
      stream = Arrays.copyOf(stream, Math.max(stream.length * 2, filled + count));
    }
    chunk.flip().get(stream, filled, count);
    filled += count;
    try {
      int used = 0;
      int length;
      while (!closing && (length = packetLength(used)) > 0) {
        if (!packet(used, length)) {
          close();
        }
        used += length;
      }
      System.arraycopy(stream, used, stream, 0, filled - used);
      filled -= used;
    } catch (Refusal e) {
      LOG.info(
          "broker: client refused with 0x{}: {}", Integer.toHexString(e.code()), e.getMessage());
      refuse(e.code());
    }
  }

  private boolean packet(int from, int length) throws Refusal {
    int header = 1;
    while (stream[from + header++] < 0) {
      // The length's bytes but the last have their top bit set.
    }
    Body body = new Body(stream, from + header, from + length);
    return hub.packet(peer, stream[from] & 0xFF, body, System.nanoTime());
  }

  /** Length of the packet that begins at {@code from}, or 0 if it is not all there. */
  private int packetLength(int from) throws Refusal {
    int value = 0;
    for (int i = 1; i <= 4; i++) {
      if (from + i >= filled) {
        return 0;
      }
      value |= (stream[from + i] & 0x7F) << 7 * (i - 1);
      if (stream[from + i] >= 0) {
        int length = 1 + i + value;
        if (length > Hub.PACKET_BYTES_MAX) {
          throw new Refusal(Refusal.PACKET_TOO_LARGE, "packet of " + length + " bytes");
        }
        return from + length <= filled ? length : 0;
      }
    }
    throw new Refusal(Refusal.MALFORMED, "packet length of more than 4 bytes");
  }

  void tick(long nowNanos) {
    if (closing && nowNanos - peer.heardNanos > 5_000_000_000L) {
      end();
    } else if (peer.keepAliveNanos > 0 && nowNanos - peer.heardNanos > peer.keepAliveNanos) {
      refuse(Refusal.KEEP_ALIVE_TIMEOUT);
    }
  }

  private void refuse(int code) {
    if (peer.session != null) {
      send(Packets.disconnect(code));
    }
    close();
    hub.gone(peer, System.nanoTime());
  }

  @Override
  public void send(byte[] packet) {
    if (gone || closing) {
      return;
    }
    if (unsentBytes + packet.length > UNSENT_MAX) {
      LOG.warn("broker: a client does not read; dropped");
      closing = true;
      unsent.clear();
      unsentBytes = 0;
      return;
    }
    unsent.add(ByteBuffer.wrap(packet));
    unsentBytes += packet.length;
    tryFlush();
  }

  @Override
  public void close() {
    closing = true;
    tryFlush();
  }

  private void tryFlush() {
    try {
      flush();
    } catch (IOException e) {
      // The hub may be in the middle of its work: the selector finds the dead socket next.
      LOG.debug("broker: connection lost: {}", e.getMessage());
      closing = true;
      unsent.clear();
      interest(SelectionKey.OP_WRITE);
    }
  }

  private void flush() throws IOException {
    while (!unsent.isEmpty()) {
      unsentBytes -= channel.write(unsent.element());
      if (unsent.element().hasRemaining()) {
        interest(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
        return;
      }
      unsent.remove();
    }
    if (!closing) {
      interest(SelectionKey.OP_READ);
    } else if (key != null && key.isValid() && key.interestOps() == SelectionKey.OP_WRITE) {
      end();
    } else {
      interest(SelectionKey.OP_WRITE);
    }
  }

  private void interest(int operations) {
    if (key != null && key.isValid()) {
      key.interestOps(operations);
    }
  }

  private void end() {
    if (!gone) {
      shut();
      hub.gone(peer, System.nanoTime());
    }
  }

  /** Closes with a reset, as a dying process does. */
  void reset() {
    try {
      channel.setOption(StandardSocketOptions.SO_LINGER, 0);
    } catch (IOException e) {
      LOG.debug("broker: already closed: {}", e.getMessage());
    }
    shut();
  }

  private void shut() {
    gone = true;
    try {
      channel.close();
    } catch (IOException e) {
      LOG.debug("broker: close: {}", e.getMessage());
    }
    onGone.accept(this);
  }
}
