package io.verge.local;

import io.verge.health.Counters;
import io.verge.time.Bell;
import io.verge.time.Ticker;
import io.verge.time.Worker;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves one text by HTTP to collectors on this computer. One thread of its own, which never waits
 * for a client; a text is made at most once a second, whoever asks. Counts {@code
 * metrics.requests}, {@code metrics.refused}, {@code metrics.slow_clients}, {@code
 * metrics.accept_failures}.
 */
public final class MetricsServer implements Worker {
  /** A collector, and somebody who looks; more are told to come back. */
  public static final int CLIENTS_MAX = 4;

  /** Connections taken a second; further ones wait in the kernel. */
  public static final int RATE = 20;

  /** From connecting to the last byte of the answer. */
  public static final long DEADLINE_NANOS = 5_000_000_000L;

  private static final long SECOND_NANOS = 1_000_000_000;

  /** How long a step may wait in the selector; bounds how late slow clients are noticed. */
  private static final long WAIT_MS = 1000;

  private static final int BACKLOG = 16;
  private static final Logger LOG = LoggerFactory.getLogger(MetricsServer.class);

  private final ServerSocketChannel listening;
  private final Selector selector;
  private final SelectionKey acceptKey;
  private final Supplier<List<String>> text;
  private final Ticker ticker;
  private final Counters counters;
  private final Bell bell;
  private final List<MetricsCaller> callers = new ArrayList<>();
  private String made = "";
  private long madeNanos;
  private long windowNanos;
  private int taken;

  private MetricsServer(
      ServerSocketChannel listening,
      Selector selector,
      Supplier<List<String>> text,
      Ticker ticker,
      Counters counters)
      throws IOException {
    this.listening = listening;
    this.selector = selector;
    this.acceptKey = listening.register(selector, SelectionKey.OP_ACCEPT);
    this.text = text;
    this.ticker = ticker;
    this.counters = counters;
    this.bell = new Bell(selector::wakeup);
    this.windowNanos = ticker.nanos();
    this.madeNanos = windowNanos - SECOND_NANOS;
  }

  /**
   * Listens from now on; clients are answered once the worker is stepped.
   *
   * @param text lines without line ends.
   * @throws IOException if the address can't be used.
   * @throws IllegalArgumentException if it is none of the loopback: nobody is asked who he is.
   */
  public static MetricsServer open(
      InetSocketAddress address, Supplier<List<String>> text, Ticker ticker, Counters counters)
      throws IOException {
    if (address.isUnresolved() || !address.getAddress().isLoopbackAddress()) {
      throw new IllegalArgumentException(address + " is no loopback address");
    }
    ServerSocketChannel listening = ServerSocketChannel.open();
    try {
      listening.configureBlocking(false);
      listening.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      listening.bind(address, BACKLOG);
      return new MetricsServer(listening, Selector.open(), text, ticker, counters);
    } catch (IOException e) {
      listening.close();
      throw new IOException("cannot listen on " + address + ": " + e.getMessage(), e);
    }
  }

  /** The port, also where the kernel chose it. */
  public int port() throws IOException {
    return ((InetSocketAddress) listening.getLocalAddress()).getPort();
  }

  @Override
  public String name() {
    return "metrics";
  }

  @Override
  public Bell bell() {
    return bell;
  }

  @Override
  public long step(long nowNanos) throws IOException {
    selector.select(WAIT_MS);
    long now = ticker.nanos();
    for (SelectionKey key : selector.selectedKeys()) {
      if (key == acceptKey) {
        accept(now);
      } else if (key.isValid()) {
        serve((MetricsCaller) key.attachment(), now);
      }
    }
    selector.selectedKeys().clear();
    for (MetricsCaller caller : List.copyOf(callers)) {
      if (now - caller.sinceNanos() >= DEADLINE_NANOS) {
        counters.increment("metrics.slow_clients");
        drop(caller);
      }
    }
    if (now - windowNanos >= SECOND_NANOS) {
      windowNanos = now;
      taken = 0;
      acceptKey.interestOps(SelectionKey.OP_ACCEPT);
    }
    return now;
  }

  private void accept(long now) {
    try {
      SocketChannel channel = listening.accept();
      if (channel == null) {
        return;
      }
      taken++;
      MetricsCaller caller = new MetricsCaller(channel, now);
      callers.add(caller);
      channel.configureBlocking(false);
      caller.attach(channel.register(selector, SelectionKey.OP_READ));
      if (callers.size() > CLIENTS_MAX) {
        counters.increment("metrics.refused");
        caller.refuse(503, "Service Unavailable", CLIENTS_MAX + " clients are connected already");
        serve(caller, now);
      }
    } catch (IOException e) {
      counters.increment("metrics.accept_failures");
      LOG.warn("collector not accepted cause=\"{}\"", e.getMessage());
      taken = RATE;
    }
    if (taken >= RATE) {
      acceptKey.interestOps(0);
    }
  }

  private void serve(MetricsCaller caller, long now) {
    try {
      MetricsCaller.Asked asked = caller.read();
      if (asked == MetricsCaller.Asked.METRICS) {
        counters.increment("metrics.requests");
        caller.answer(text(now));
      } else if (asked == MetricsCaller.Asked.REFUSED) {
        counters.increment("metrics.refused");
      }
      if (caller.send()) {
        drop(caller);
      }
    } catch (IOException e) {
      LOG.debug("collector gone cause=\"{}\"", e.getMessage());
      drop(caller);
    }
  }

  private String text(long now) {
    if (now - madeNanos >= SECOND_NANOS) {
      made = String.join("\n", text.get()) + "\n";
      madeNanos = now;
    }
    return made;
  }

  private void drop(MetricsCaller caller) {
    if (callers.remove(caller)) {
      try {
        caller.close();
      } catch (IOException e) {
        LOG.debug("closing a collector cause=\"{}\"", e.getMessage());
      }
    }
  }

  @Override
  public void close() throws IOException {
    List.copyOf(callers).forEach(this::drop);
    try (selector) {
      listening.close();
    }
  }
}
