package io.verge.simulator.link;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A mobile link on loopback, TCP and UDP on one port, on one thread ("link"). An outage is silence:
 * connections stay and nothing passes, new ones are taken by the kernel and never served, datagrams
 * are lost. Methods may be called from any thread.
 */
public final class LinkEmulator implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LinkEmulator.class);

  /** Longest pause of the thread while pieces are on their way or not, in milliseconds. */
  private static final long PAUSE_MS = 50;

  /** UDP peers remembered; the oldest is forgotten first. */
  private static final int PEERS_MAX = 64;

  private static final int CONNECTIONS_MAX = 256;
  private static final int DATAGRAMS_MAX = 256;

  /** IPv4 and UDP. */
  private static final int UDP_HEADER_BYTES = 28;

  private final LinkSettings settings;
  private final Selector selector;
  private final ServerSocketChannel server;
  private final DatagramChannel datagrams;
  private final Set<TcpPair> pairs = new LinkedHashSet<>();
  private final Map<InetSocketAddress, UdpPeer> peers = new LinkedHashMap<>();
  private final ByteBuffer packet = ByteBuffer.allocate(65_536);
  private final Medium upwards;
  private final Medium downwards;

  /** Connections that nothing passes any more, and that nobody was told of. */
  private final Deque<TcpPair> stranded = new ArrayDeque<>();

  private final AtomicLong up = new AtomicLong();
  private final AtomicLong down = new AtomicLong();
  private final Thread thread = new Thread(this::run, "link");
  private volatile boolean outage;
  private volatile boolean dropping;
  private volatile boolean stranding;
  private volatile boolean closing;

  /** Hears every datagram that enters the link, on its thread; it may not wait. */
  private volatile Consumer<byte[]> tap = datagram -> {};

  private record UdpPeer(
      InetSocketAddress gateway, DatagramChannel channel, Pipe<byte[]> up, Pipe<byte[]> down) {}

  /**
   * Begins to listen and forward.
   *
   * @throws IOException if the port can't be had.
   */
  public LinkEmulator(LinkSettings settings) throws IOException {
    this.settings = settings;
    upwards = new Medium(settings, settings.seed());
    downwards = new Medium(settings, settings.seed() + 1);
    selector = Selector.open();
    InetAddress loopback = InetAddress.getByName("127.0.0.1");
    server = ServerSocketChannel.open();
    if (settings.bytesPerSecond() > 0) {
      server.setOption(StandardSocketOptions.SO_RCVBUF, TcpPair.SOCKET_BYTES);
    }
    server.bind(new InetSocketAddress(loopback, settings.port()));
    server.configureBlocking(false);
    datagrams = DatagramChannel.open();
    datagrams.bind(new InetSocketAddress(loopback, port()));
    datagrams.configureBlocking(false);
    datagrams.register(selector, SelectionKey.OP_READ);
    server.register(selector, SelectionKey.OP_ACCEPT);
    thread.setDaemon(true);
    thread.start();
  }

  public int port() {
    return server.socket().getLocalPort();
  }

  /** Begins or ends a silence. */
  public void outage(boolean now) {
    outage = now;
    selector.wakeup();
  }

  /** Closes every TCP connection and forgets the UDP peers, as a new bearer with a new address. */
  public void drop() {
    dropping = true;
    selector.wakeup();
  }

  /**
   * Lets every open TCP connection fall silent for ever, as a forgotten NAT entry does; new ones
   * pass. UDP peers are forgotten: they come from another port.
   */
  public void strand() {
    stranding = true;
    selector.wakeup();
  }

  /** Sets who hears the datagrams that enter from the gateway, as they are. */
  public void onDatagramUp(Consumer<byte[]> listener) {
    tap = listener;
  }

  /** Bytes forwarded from the gateway to the back end, without headers. */
  public long bytesUp() {
    return up.get();
  }

  /** Bytes towards the back end as packets have them, IP headers included; TCP's own acks not. */
  public long wireBytesUp() {
    return upwards.bytes();
  }

  public long packetsUp() {
    return upwards.packets();
  }

  public long packetsDown() {
    return downwards.packets();
  }

  public long wireBytesDown() {
    return downwards.bytes();
  }

  public long bytesDown() {
    return down.get();
  }

  private void run() {
    while (!closing) {
      try {
        selector.select(Math.max(1, Math.min(PAUSE_MS, pauseMs(System.nanoTime()))));
        if (dropping) {
          dropping = false;
          dropNow();
        }
        if (stranding) {
          stranding = false;
          strandNow();
        }
        for (SelectionKey key : selector.selectedKeys()) {
          if (key.isValid()) {
            serve(key);
          }
        }
        selector.selectedKeys().clear();
        move(System.nanoTime());
      } catch (IOException e) {
        LOG.error("link: the selector failed: {}", e.getMessage());
        return;
      }
    }
  }

  private long pauseMs(long nowNanos) {
    long due = Long.MAX_VALUE;
    if (!outage) {
      for (TcpPair pair : pairs) {
        due = Math.min(due, pair.dueNanos());
      }
    }
    for (UdpPeer peer : peers.values()) {
      due = Math.min(due, Math.min(peer.up().dueNanos(), peer.down().dueNanos()));
    }
    return due == Long.MAX_VALUE ? PAUSE_MS : (due - nowNanos) / 1_000_000 + 1;
  }

  private void serve(SelectionKey key) throws IOException {
    long now = System.nanoTime();
    if (key.channel() == server) {
      accept();
    } else if (key.channel() == datagrams) {
      fromGateway(now);
    } else if (key.attachment() instanceof UdpPeer peer) {
      fromBackend(peer, now);
    } else if (key.attachment() instanceof TcpPair pair
        && pairs.contains(pair)
        && !outage
        && !pair.serve(key, now)) {
      pairs.remove(pair);
    }
  }

  private void accept() throws IOException {
    if (outage || pairs.size() >= CONNECTIONS_MAX) {
      return;
    }
    SocketChannel gateway = server.accept();
    if (gateway != null) {
      pairs.add(new TcpPair(gateway, settings, selector, upwards, downwards, up, down));
    }
  }

  private void fromGateway(long nowNanos) throws IOException {
    packet.clear();
    if (!(datagrams.receive(packet) instanceof InetSocketAddress gateway) || outage) {
      return;
    }
    UdpPeer peer = peers.get(gateway);
    if (peer == null) {
      if (peers.size() >= PEERS_MAX) {
        InetSocketAddress oldest = peers.keySet().iterator().next();
        UdpPeer forgotten = peers.remove(oldest);
        if (forgotten != null) {
          forgotten.channel().close();
        }
      }
      DatagramChannel channel = DatagramChannel.open();
      channel.connect(settings.target());
      channel.configureBlocking(false);
      peer =
          new UdpPeer(
              gateway,
              channel,
              new Pipe<>(upwards, DATAGRAMS_MAX, UDP_HEADER_BYTES),
              new Pipe<>(downwards, DATAGRAMS_MAX, UDP_HEADER_BYTES));
      channel.register(selector, SelectionKey.OP_READ, peer);
      peers.put(gateway, peer);
    }
    tap.accept(Arrays.copyOf(packet.array(), packet.position()));
    put(peer.up(), nowNanos);
  }

  private void fromBackend(UdpPeer peer, long nowNanos) {
    packet.clear();
    try {
      peer.channel().read(packet);
      if (!outage) {
        put(peer.down(), nowNanos);
      }
    } catch (IOException e) {
      LOG.debug("link: back end not reachable by UDP: {}", e.getMessage());
    }
  }

  private void put(Pipe<byte[]> pipe, long nowNanos) {
    if (!pipe.isFull()) {
      byte[] datagram = new byte[packet.flip().remaining()];
      packet.get(datagram);
      pipe.offer(datagram, datagram.length, nowNanos);
    }
  }

  /** Lets go what is due. */
  private void move(long nowNanos) throws IOException {
    for (UdpPeer peer : peers.values()) {
      if (outage) {
        peer.up().clear();
        peer.down().clear();
      }
      for (byte[] due = peer.up().due(nowNanos); due != null; due = peer.up().due(nowNanos)) {
        peer.up().drop();
        up.addAndGet(due.length);
        try {
          peer.channel().write(ByteBuffer.wrap(due));
        } catch (IOException e) {
          LOG.debug("link: back end not reachable by UDP: {}", e.getMessage());
        }
      }
      for (byte[] due = peer.down().due(nowNanos); due != null; due = peer.down().due(nowNanos)) {
        peer.down().drop();
        down.addAndGet(due.length);
        datagrams.send(ByteBuffer.wrap(due), peer.gateway());
      }
    }
    pairs.forEach(pair -> pair.pause(outage));
    if (!outage) {
      pairs.removeIf(pair -> !pair.move(nowNanos));
      for (SelectionKey key : selector.keys()) {
        if (key.channel() == server && key.isValid()) {
          key.interestOps(SelectionKey.OP_ACCEPT);
        }
      }
    } else {
      for (SelectionKey key : selector.keys()) {
        if (key.channel() == server && key.isValid()) {
          key.interestOps(0);
        }
      }
    }
  }

  private void strandNow() throws IOException {
    for (TcpPair pair : List.copyOf(pairs)) {
      pair.strand();
      stranded.add(pair);
    }
    pairs.clear();
    while (stranded.size() > CONNECTIONS_MAX) {
      stranded.remove().end();
    }
    forgetPeers();
  }

  private void dropNow() throws IOException {
    for (TcpPair pair : List.copyOf(pairs)) {
      pair.end();
    }
    pairs.clear();
    forgetPeers();
  }

  private void forgetPeers() throws IOException {
    for (UdpPeer peer : peers.values()) {
      peer.channel().close();
    }
    peers.clear();
  }

  @Override
  public void close() throws IOException {
    closing = true;
    selector.wakeup();
    try {
      thread.join(2000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    dropNow();
    stranded.forEach(TcpPair::end);
    server.close();
    datagrams.close();
    selector.close();
  }
}
