package io.verge.uplink;

import io.verge.bytes.Decoded;
import io.verge.model.Command;
import io.verge.model.Stamp;
import io.verge.time.Stamper;
import io.verge.uplink.Dialect.Saying;
import io.verge.wire.CommandCodec;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a back end with topics of its own: keeps the order in which its {@link Dialect}
 * says things, a few under way at a time, and tells the session of a batch when the last of its
 * messages is taken. The session sends the catalog of a batch before it.
 *
 * <p>Calls come from the uplink thread, answers on library threads; both take the lock, and nothing
 * is waited for under it.
 */
final class DialectTransport implements UplinkTransport {
  /** A batch under way. */
  private static final class Job {
    final long token;
    int left;

    Job(long token, int left) {
      this.token = token;
      this.left = left;
    }
  }

  /** A message; without a job it is the dialect's own. */
  private record Item(Saying saying, @Nullable Job job) {}

  private final Function<BrokerLink.Login, BrokerLink> links;
  private final Dialect dialect;
  private final StoredBatches batches;
  private final Stamper stamper;
  private final Object lock = new Object();
  private final Deque<Item> waiting = new ArrayDeque<>();
  private final Map<Long, Item> underWay = new HashMap<>();
  private final Map<Long, Job> barriers = new HashMap<>();
  private final Map<String, Long> replies = new HashMap<>();
  private long nextToken = 1;
  private boolean greeted;
  private boolean up;
  private volatile @Nullable BrokerLink link;
  private @Nullable Listener listener;

  /**
   * @param assets which may be told of.
   */
  DialectTransport(
      Function<BrokerLink.Login, BrokerLink> links,
      Dialect dialect,
      Predicate<String> assets,
      Stamper stamper) {
    this.links = links;
    this.dialect = dialect;
    this.batches = new StoredBatches(assets);
    this.stamper = stamper;
  }

  @Override
  public void open(Listener told) {
    listener = told;
    try {
      BrokerLink fresh = links.apply(dialect.login(stamper.now()));
      link = fresh;
      fresh.open(new Hearing(told));
    } catch (IOException e) {
      told.down(String.valueOf(e.getMessage()), true);
    }
  }

  @Override
  public void send(Kind kind, long token, byte[] message) {
    Listener told = listener;
    if (told == null) {
      throw new IllegalStateException("not open");
    }
    switch (kind) {
      case BATCH -> batch(told, token, message);
      case CATALOG -> {
        String wrong = batches.catalog(message);
        if (wrong.isEmpty()) {
          told.taken(token);
        } else {
          told.failed(token, wrong);
        }
      }
      case HELLO -> told.taken(token);
      case STATE -> state(told, token);
    }
  }

  /** The session says its state at its beginning and at its end. */
  private void state(Listener told, long token) {
    synchronized (lock) {
      if (greeted) {
        dialect.goodbye(new Speaking(told), stamper.now());
      }
      greeted = true;
    }
    told.taken(token);
  }

  private void batch(Listener told, long token, byte[] message) {
    Decoded<StoredBatches.Read> decoded = batches.read(message);
    if (decoded instanceof Decoded.Invalid<StoredBatches.Read> invalid) {
      told.rejected(token, "the stored batch: " + invalid.reason());
      return;
    }
    StoredBatches.Read read = decoded.orThrow();
    Stamp now = stamper.now();
    if (!now.hasUtc()) {
      told.failed(token, "the clock is not trusted yet, and this back end knows UTC only");
      return;
    }
    synchronized (lock) {
      List<Saying> messages = dialect.render(read.batch(), read.catalog(), now);
      if (messages.isEmpty()) {
        told.taken(token);
        return;
      }
      Job job = new Job(token, messages.size());
      messages.forEach(saying -> waiting.add(new Item(saying, job)));
      pump();
    }
  }

  private void pump() {
    BrokerLink now = link;
    while (now != null && underWay.size() < dialect.window() && !waiting.isEmpty()) {
      Item item = waiting.remove();
      long token = nextToken++;
      underWay.put(token, item);
      if (!item.saying().reply().isEmpty()) {
        replies.put(item.saying().reply(), token);
      }
      now.publish(item.saying().topic(), item.saying().qos(), token, item.saying().bytes().get());
    }
  }

  private void done(Listener told, long token) {
    Item item = underWay.remove(token);
    Job job = item == null ? null : item.job();
    if (job != null && --job.left == 0) {
      BrokerLink now = link;
      if (dialect.needsBarrier() && now != null) {
        long barrier = nextToken++;
        barriers.put(barrier, job);
        now.barrier(barrier);
      } else {
        told.taken(job.token);
      }
    }
    pump();
  }

  private void failed(Listener told, long token, String why, boolean ofMessage) {
    Item item = underWay.remove(token);
    Job job = item == null ? barriers.remove(token) : item.job();
    if (job != null) {
      waiting.removeIf(other -> other.job() == job);
      if (ofMessage) {
        told.rejected(job.token, why);
      } else {
        told.failed(job.token, why);
      }
    } else if (item != null) {
      told.down(item.saying().topic() + ": " + why, false);
    }
  }

  @Override
  public long[] byteCounts() {
    BrokerLink now = link;
    return now == null ? new long[2] : now.byteCounts();
  }

  @Override
  public void close() {
    BrokerLink old = link;
    if (old != null) {
      old.close();
    }
  }

  /** What the link tells, on its threads. */
  private final class Hearing implements Listener {
    private final Listener told;

    Hearing(Listener told) {
      this.told = told;
    }

    @Override
    public void up() {
      synchronized (lock) {
        dialect.connected(new Speaking(told), stamper.now());
      }
    }

    @Override
    public void down(String why, boolean refused) {
      told.down(why, refused);
    }

    @Override
    public void taken(long token) {
      synchronized (lock) {
        Job job = barriers.remove(token);
        Item item = underWay.get(token);
        if (job != null) {
          told.taken(job.token);
        } else if (item != null && item.saying().reply().isEmpty()) {
          done(told, token);
        }
      }
    }

    @Override
    public void failed(long token, String why) {
      synchronized (lock) {
        DialectTransport.this.failed(told, token, why, false);
      }
    }

    @Override
    public void rejected(long token, String why) {
      synchronized (lock) {
        DialectTransport.this.failed(told, token, why, true);
      }
    }

    @Override
    public void ack(byte[] message) {
      told.foreign("ack", message.length);
    }

    @Override
    public void command(byte[] message) {
      told.foreign("command", message.length);
    }

    @Override
    public void message(String topic, byte[] payload) {
      synchronized (lock) {
        dialect.heard(new Speaking(told), topic, payload, stamper.now());
      }
    }
  }

  /** Within the lock. */
  private final class Speaking implements Dialect.Mouth {
    private final Listener told;

    Speaking(Listener told) {
      this.told = told;
    }

    @Override
    public void ready() {
      if (!up) {
        up = true;
        told.up();
      }
    }

    @Override
    public void waiting(String why) {
      told.waiting(why);
    }

    @Override
    public void end(String why) {
      told.down(why, false);
    }

    @Override
    public void say(List<Saying> messages) {
      for (int i = messages.size() - 1; i >= 0; i--) {
        waiting.addFirst(new Item(messages.get(i), null));
      }
      pump();
    }

    @Override
    public void replied(String id, @Nullable String refusal, boolean again) {
      Long token = replies.remove(id);
      if (token == null) {
        return;
      }
      if (refusal != null && again) {
        DialectTransport.this.failed(told, token, refusal, false);
        return;
      }
      if (refusal != null) {
        told.discarded(refusal);
      }
      done(told, token);
    }

    @Override
    public void command(Command command) {
      told.command(CommandCodec.encode(command));
    }

    @Override
    public void refused(String why) {
      told.refused(why);
    }
  }
}
