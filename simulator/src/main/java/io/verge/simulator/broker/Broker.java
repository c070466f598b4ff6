package io.verge.simulator.broker;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiConsumer;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An MQTT 5 broker on one selector thread ("broker"): QoS 0 and 1, retained messages, wills,
 * sessions in memory. With TLS a door in front of it has two threads a client. Methods may be
 * called from any thread.
 */
public final class Broker implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Broker.class);
  static final int CLIENTS_MAX = 1000;

  /** How often keep-alives and wills are looked at, in milliseconds. */
  private static final long TICK_MS = 200;

  private final Hub hub;
  private final Selector selector;
  private final ServerSocketChannel server;
  private final @Nullable TlsDoor door;
  private final int port;
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final List<Client> clients = new ArrayList<>();
  private final Thread thread = new Thread(this::run, "broker");
  private volatile boolean closing;

  /**
   * Listens, and serves once started.
   *
   * @throws IOException if the port can't be had.
   */
  public Broker(BrokerSettings settings) throws IOException {
    this(settings, Doorkeeper.of(settings.users()));
  }

  /**
   * @param doorkeeper decides who comes in, in place of the settings' users.
   * @throws IOException if the port can't be had.
   */
  public Broker(BrokerSettings settings, Doorkeeper doorkeeper) throws IOException {
    hub = new Hub(doorkeeper);
    selector = Selector.open();
    server = ServerSocketChannel.open();
    SSLContext tls = settings.tls();
    server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
    server.bind(
        tls == null
            ? new InetSocketAddress(settings.host(), settings.port())
            : new InetSocketAddress("127.0.0.1", 0));
    server.configureBlocking(false);
    server.register(selector, SelectionKey.OP_ACCEPT);
    int inner = ((InetSocketAddress) server.getLocalAddress()).getPort();
    door = tls == null ? null : new TlsDoor(settings, tls, inner);
    port = door == null ? inner : door.port();
    thread.setDaemon(true);
  }

  public Broker start() {
    thread.start();
    if (door != null) {
      door.start();
    }
    return this;
  }

  /** Where clients connect. */
  public int port() {
    return port;
  }

  /** Subscribes this process; the handler runs on the broker's thread and sees retained ones. */
  public void subscribe(String filter, BiConsumer<String, byte[]> handler) {
    post(() -> hub.subscribeLocally(filter, handler));
  }

  /** Publishes from this process. */
  public void publish(String topic, byte[] payload, int qos, boolean retain) {
    Publication message = new Publication(topic, payload, qos, retain, new byte[0], Long.MAX_VALUE);
    post(() -> hub.publish(message, null, System.nanoTime()));
  }

  /** Resets every connection and forgets sessions and retained messages, as kill -9 would. */
  public void dropAll() {
    post(
        () -> {
          hub.forget();
          List.copyOf(clients).forEach(Client::reset);
          clients.clear();
        });
  }

  private void post(Runnable task) {
    tasks.add(task);
    selector.wakeup();
  }

  private void run() {
    long ticked = System.nanoTime();
    while (!closing) {
      try {
        selector.select(TICK_MS);
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
          task.run();
        }
        for (SelectionKey key : selector.selectedKeys()) {
          serve(key);
        }
        selector.selectedKeys().clear();
      } catch (IOException e) {
        LOG.error("broker: the selector failed: {}", e.getMessage());
        return;
      }
      long now = System.nanoTime();
      if (now - ticked >= TICK_MS * 1_000_000) {
        ticked = now;
        List.copyOf(clients).forEach(client -> client.tick(now));
        hub.tick(now);
      }
    }
  }

  private void serve(SelectionKey key) {
    if (!key.isValid()) {
      return;
    }
    if (key.attachment() instanceof Client client) {
      client.serve();
      return;
    }
    try {
      SocketChannel channel = server.accept();
      if (channel == null) {
        return;
      }
      if (clients.size() >= CLIENTS_MAX) {
        LOG.warn("broker: {} clients are here, one more is turned away", CLIENTS_MAX);
        channel.close();
        return;
      }
      channel.configureBlocking(false);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      Client client = new Client(channel, hub, clients::remove);
      client.register(selector);
      clients.add(client);
    } catch (IOException e) {
      LOG.warn("broker: a client could not be accepted: {}", e.getMessage());
    }
  }

  @Override
  public void close() {
    closing = true;
    selector.wakeup();
    try {
      if (thread.isAlive() && Thread.currentThread() != thread) {
        thread.join(2000);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    try {
      if (door != null) {
        door.close();
      }
      List.copyOf(clients).forEach(Client::reset);
      server.close();
      selector.close();
    } catch (IOException e) {
      LOG.warn("broker: closing: {}", e.getMessage());
    }
  }
}
