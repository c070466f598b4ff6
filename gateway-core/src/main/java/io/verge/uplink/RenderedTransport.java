package io.verge.uplink;

import io.verge.bytes.Decoded;
import io.verge.time.Stamper;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a back end that does not speak protocol v1: batches are rendered on their way,
 * the rest of the protocol's messages stay here. The session sends the catalog of a batch before
 * it, as to every back end that only subscribes. A batch of several messages goes message by
 * message, and is taken when its last one is.
 *
 * <p>Calls come from the uplink thread, answers on library threads; both take the lock, and nothing
 * is waited for under it.
 */
final class RenderedTransport implements UplinkTransport {
  private final UplinkTransport inner;
  private final Rendering rendering;
  private final Stamper stamper;
  private final Object lock = new Object();
  private final StoredBatches batches;

  /** What is still to be sent of each batch under way. */
  private final Map<Long, Queue<byte[]>> rest = new HashMap<>();

  private @Nullable Listener listener;

  /**
   * @param assets which may be told of.
   */
  RenderedTransport(
      UplinkTransport inner, Rendering rendering, Predicate<String> assets, Stamper stamper) {
    this.inner = inner;
    this.rendering = rendering;
    this.batches = new StoredBatches(assets);
    this.stamper = stamper;
  }

  @Override
  public void open(Listener told) {
    listener = told;
    inner.open(new Hearing(told));
  }

  @Override
  public void send(Kind kind, long token, byte[] message) {
    Listener told = listener;
    if (told == null) {
      throw new IllegalStateException("not open");
    }
    switch (kind) {
      case BATCH -> batch(told, token, message);
      case CATALOG -> catalog(told, token, message);
      case HELLO, STATE -> told.taken(token);
    }
  }

  private void catalog(Listener told, long token, byte[] message) {
    String wrong = batches.catalog(message);
    if (wrong.isEmpty()) {
      told.taken(token);
    } else {
      told.failed(token, wrong);
    }
  }

  private void batch(Listener told, long token, byte[] message) {
    Decoded<StoredBatches.Read> decoded = batches.read(message);
    if (decoded instanceof Decoded.Invalid<StoredBatches.Read> invalid) {
      told.rejected(token, "the stored batch: " + invalid.reason());
      return;
    }
    StoredBatches.Read read = decoded.orThrow();
    Queue<byte[]> messages =
        new ArrayDeque<>(rendering.render(read.batch(), read.catalog(), stamper.now()));
    byte[] first = messages.poll();
    if (first == null) {
      told.taken(token);
      return;
    }
    synchronized (lock) {
      rest.put(token, messages);
    }
    inner.send(Kind.BATCH, token, first);
  }

  @Override
  public long[] byteCounts() {
    return inner.byteCounts();
  }

  @Override
  public void close() {
    inner.close();
  }

  /** Hands everything on, but holds a batch back until its last message is taken. */
  private final class Hearing implements Listener {
    private final Listener told;

    Hearing(Listener told) {
      this.told = told;
    }

    @Override
    public void up() {
      told.up();
    }

    @Override
    public void down(String why, boolean refused) {
      told.down(why, refused);
    }

    @Override
    public void taken(long token) {
      byte[] next;
      synchronized (lock) {
        Queue<byte[]> messages = rest.get(token);
        next = messages == null ? null : messages.poll();
        if (next == null) {
          rest.remove(token);
        }
      }
      if (next == null) {
        told.taken(token);
      } else {
        inner.send(Kind.BATCH, token, next);
      }
    }

    @Override
    public void failed(long token, String why) {
      synchronized (lock) {
        rest.remove(token);
      }
      told.failed(token, why);
    }

    @Override
    public void rejected(long token, String why) {
      synchronized (lock) {
        rest.remove(token);
      }
      told.rejected(token, why);
    }

    @Override
    public void ack(byte[] message) {
      told.ack(message);
    }

    @Override
    public void command(byte[] message) {
      told.command(message);
    }

    @Override
    public void foreign(String where, int bytes) {
      told.foreign(where, bytes);
    }
  }
}
