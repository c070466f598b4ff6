package io.verge.local;

import io.verge.health.Counters;
import io.verge.local.Request.Unreadable;
import io.verge.time.Bell;
import io.verge.time.Ticker;
import io.verge.time.Worker;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gateway's end of the control socket. One thread, no blocking but in its own selector; a
 * client can neither hold up the gateway nor another client. Counts {@code local.clients}, {@code
 * local.refused_clients}, {@code local.bad_requests}, {@code local.idle_clients}, {@code
 * local.slow_clients}, {@code local.accept_failures}.
 */
public final class LocalServer implements Worker {
  /** A few people and scripts at once; more is a script that forgets to close. */
  public static final int CLIENTS_MAX = 16;

  /** A client that asks nothing and waits for nothing is closed after ten minutes. */
  public static final long IDLE_NANOS = 600_000_000_000L;

  /** When all places are taken, one that asked nothing for so long loses its. */
  public static final long IDLE_WHEN_FULL_NANOS = 5_000_000_000L;

  /** A client that takes nothing of what waits for it is dropped after half a minute. */
  public static final long STUCK_NANOS = 30_000_000_000L;

  /** How long a step may wait in the selector; bounds how late idle clients are noticed. */
  private static final long WAIT_MS = 1000;

  /** Between two looks at the socket when steps must not wait. */
  private static final long LOOK_NANOS = 50_000_000;

  /** When accepting fails (no file descriptors left), it rests so long. */
  private static final long REST_NANOS = 1_000_000_000;

  private static final int SCRATCH = 16 << 10;

  private static final Logger LOG = LoggerFactory.getLogger(LocalServer.class);

  private record Letter(Caller caller, long id, Reply reply) {}

  private final SocketFile socket;
  private final Selector selector;
  private final SelectionKey acceptKey;
  private final boolean mayWait;
  private final Ticker ticker;
  private final Counters counters;
  private final Bell bell;
  private final Requests requests;
  private final ByteBuffer scratch = ByteBuffer.allocate(SCRATCH);
  private final List<Caller> callers = new ArrayList<>();

  /** Bounded by the requests that may be open: {@link Caller#OPEN_MAX} a client. */
  private final ConcurrentLinkedQueue<Letter> letters = new ConcurrentLinkedQueue<>();

  private long acceptFromNanos = Long.MIN_VALUE;

  /**
   * Where to listen and how.
   *
   * @param group who may connect beside the owner, if there is such a group.
   * @param mayWait a step waits in the selector up to a second: right on a thread of its own. Where
   *     one thread steps several workers it is false, and the socket is looked at every 50 ms.
   */
  public record Settings(Path path, String group, boolean mayWait) {
    public static final String GROUP = "verge";

    public Settings(Path path) {
      this(path, GROUP, true);
    }
  }

  private LocalServer(
      SocketFile socket, Selector selector, Settings settings, Desk desk, Parts parts)
      throws IOException {
    this.socket = socket;
    this.selector = selector;
    this.acceptKey = socket.channel().register(selector, SelectionKey.OP_ACCEPT);
    this.mayWait = settings.mayWait();
    this.ticker = parts.ticker();
    this.counters = parts.counters();
    this.bell = new Bell(selector::wakeup);
    this.requests =
        new Requests(
            desk,
            (caller, id, reply) -> {
              letters.add(new Letter(caller, id, reply));
              bell.ring();
            },
            bell::ring);
  }

  private record Parts(Ticker ticker, Counters counters) {}

  /**
   * Listens from now on; clients are answered once the worker is stepped.
   *
   * @throws IOException when the path cannot be used, or another gateway answers on it.
   */
  public static LocalServer open(Settings settings, Desk desk, Ticker ticker, Counters counters)
      throws IOException {
    SocketFile socket = SocketFile.bind(settings.path(), settings.group());
    try {
      return new LocalServer(socket, Selector.open(), settings, desk, new Parts(ticker, counters));
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  @Override
  public String name() {
    return "local";
  }

  @Override
  public Bell bell() {
    return bell;
  }

  @Override
  public long step(long nowNanos) throws IOException {
    if (mayWait) {
      selector.select(WAIT_MS);
    } else {
      selector.selectNow();
    }
    long now = mayWait ? ticker.nanos() : nowNanos;
    for (SelectionKey key : selector.selectedKeys()) {
      if (key == acceptKey) {
        accept(now);
      } else if (key.isValid() && key.isReadable()) {
        read((Caller) key.attachment());
      }
    }
    selector.selectedKeys().clear();
    deliver();
    boolean more = false;
    for (Caller caller : List.copyOf(callers)) {
      more |= serve(caller, now);
    }
    if (acceptKey.interestOps() == 0 && now - acceptFromNanos >= 0) {
      acceptKey.interestOps(SelectionKey.OP_ACCEPT);
    }
    if (more) {
      selector.wakeup();
    }
    return mayWait || more ? now : now + LOOK_NANOS;
  }

  private void accept(long now) {
    SocketChannel channel = null;
    try {
      channel = socket.channel().accept();
      if (channel == null) {
        return;
      }
      channel.configureBlocking(false);
      SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
      Caller caller = new Caller(channel, key, user(channel), now);
      key.attach(caller);
      callers.add(caller);
      if (callers.size() > CLIENTS_MAX) {
        giveWay(now);
      }
      if (callers.size() > CLIENTS_MAX) {
        counters.increment("local.refused_clients");
        caller.fail(
            0,
            Protocol.BUSY,
            CLIENTS_MAX + " clients are connected already",
            "Close one of them, or wait.");
        caller.end();
      } else {
        counters.increment("local.clients");
      }
    } catch (IOException e) {
      counters.increment("local.accept_failures");
      LOG.warn("client not accepted cause=\"{}\"", e.getMessage());
      acceptKey.interestOps(0);
      acceptFromNanos = now + REST_NANOS;
      closeQuietly(channel);
    }
  }

  /** Who only holds a place leaves it to one who comes to ask. */
  private void giveWay(long now) {
    Caller idlest = null;
    for (Caller caller : callers) {
      if (caller.isIdleSince(now - IDLE_WHEN_FULL_NANOS)
          && (idlest == null || caller.heardNanos() - idlest.heardNanos() < 0)) {
        idlest = caller;
      }
    }
    if (idlest != null) {
      counters.increment("local.idle_clients");
      drop(idlest);
    }
  }

  /** Who is at the other end, where the system can tell. */
  private static String user(SocketChannel channel) throws IOException {
    return channel.supportedOptions().contains(ExtendedSocketOptions.SO_PEERCRED)
        ? channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user().getName()
        : "";
  }

  private void closeQuietly(@Nullable SocketChannel channel) {
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        LOG.debug("closing a refused client cause=\"{}\"", e.getMessage());
      }
    }
  }

  private void read(Caller caller) {
    try {
      if (!caller.read(scratch)) {
        drop(caller);
      }
    } catch (IOException e) {
      LOG.debug("client gone cause=\"{}\"", e.getMessage());
      drop(caller);
    }
  }

  private void deliver() {
    Letter letter;
    while ((letter = letters.poll()) != null) {
      Caller caller = letter.caller();
      if (!caller.settle(letter.id())) {
        counters.increment("local.late_replies");
      } else if (letter.reply() instanceof Reply.Done done) {
        caller.answer(letter.id(), done.view());
      } else if (letter.reply() instanceof Reply.Refused refused) {
        caller.fail(letter.id(), refused.code(), refused.message(), refused.next());
      }
    }
  }

  /** Returns whether there may be more to do for the client at once. */
  private boolean serve(Caller caller, long now) {
    try {
      byte[] line = caller.line(now);
      if (line != null) {
        handle(caller, line, now);
      }
      for (long id : caller.overdue(now)) {
        caller.fail(id, Protocol.FAILED, "no answer within 60 s", "verge status");
      }
      boolean hasRoomAgain = caller.pump(now);
      if (caller.isStuckSince(now - STUCK_NANOS)) {
        counters.increment("local.slow_clients");
        LOG.info("client dropped: it reads too slowly");
        drop(caller);
        return false;
      }
      if (caller.isIdleSince(now - IDLE_NANOS)) {
        counters.increment("local.idle_clients");
        drop(caller);
        return false;
      }
      if (caller.isFinished()) {
        drop(caller);
        return false;
      }
      return line != null || hasRoomAgain;
    } catch (IOException e) {
      LOG.debug("client gone cause=\"{}\"", e.getMessage());
      drop(caller);
      return false;
    }
  }

  private void handle(Caller caller, byte[] line, long now) {
    try {
      requests.handle(caller, Request.parse(line), now);
    } catch (Unreadable e) {
      counters.increment("local.bad_requests");
      caller.fail(e.id(), e.code(), e.sentence(), "");
    }
  }

  private void drop(Caller caller) {
    if (callers.remove(caller)) {
      try {
        caller.close();
      } catch (IOException e) {
        LOG.debug("closing a client cause=\"{}\"", e.getMessage());
      }
    }
  }

  /** Tells what waits to be told, closes every client and removes the socket's file. */
  @Override
  public void close() throws IOException {
    deliver();
    for (Caller caller : List.copyOf(callers)) {
      try {
        caller.pump(ticker.nanos());
      } catch (IOException e) {
        LOG.debug("client gone cause=\"{}\"", e.getMessage());
      }
    }
    List.copyOf(callers).forEach(this::drop);
    try (selector) {
      socket.close();
    }
  }
}
