package io.verge.simulator.fleet;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One thread for the channels of all gateways. */
final class Loop implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Loop.class);
  private static final long LOOK_MS = 1_000;
  private static final long JOIN_MS = 10_000;

  private final Selector selector;
  private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final Set<MqttLink> links = ConcurrentHashMap.newKeySet();
  private final Thread thread = new Thread(this::loop, "fleet-channels");
  private volatile boolean stopping;

  Loop() throws IOException {
    selector = Selector.open();
    thread.start();
  }

  /** Has it done on the loop's thread. */
  void run(Runnable task) {
    tasks.add(task);
    if (Thread.currentThread() != thread) {
      selector.wakeup();
    }
  }

  /** Loop thread. */
  SelectionKey register(SocketChannel channel, MqttLink link) throws IOException {
    links.add(link);
    return channel.register(selector, SelectionKey.OP_CONNECT, link);
  }

  void forget(MqttLink link) {
    links.remove(link);
  }

  private void loop() {
    long looked = System.nanoTime() / 1_000_000;
    while (!stopping) {
      try {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
          task.run();
        }
        if (tasks.isEmpty()) {
          selector.select(key -> ((MqttLink) key.attachment()).ready(key), LOOK_MS);
        }
        long now = System.nanoTime() / 1_000_000;
        if (now - looked >= LOOK_MS) {
          looked = now;
          links.forEach(link -> link.look(now));
        }
      } catch (IOException | RuntimeException e) {
        LOG.error("the fleet's channels", e);
      }
    }
  }

  @Override
  public void close() throws IOException, InterruptedException {
    stopping = true;
    selector.wakeup();
    thread.join(JOIN_MS);
    selector.close();
  }
}
