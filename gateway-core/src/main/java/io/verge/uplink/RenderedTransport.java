package io.verge.uplink;

import io.verge.bytes.Decoded;
import io.verge.model.Catalog;
import io.verge.time.Stamper;
import io.verge.wire.Batch;
import io.verge.wire.BatchCodec;
import io.verge.wire.CatalogCodec;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
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
  /** A batch names the catalog it was sealed under; lanes may be at different ones. */
  private static final int CATALOGS_MAX = 64;

  private final UplinkTransport inner;
  private final Rendering rendering;
  private final Stamper stamper;
  private final Object lock = new Object();
  private final Map<Long, Catalog> catalogs =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Catalog> eldest) {
          return size() > CATALOGS_MAX;
        }
      };

  /** What is still to be sent of each batch under way. */
  private final Map<Long, Queue<byte[]>> rest = new HashMap<>();

  private @Nullable Listener listener;

  RenderedTransport(UplinkTransport inner, Rendering rendering, Stamper stamper) {
    this.inner = inner;
    this.rendering = rendering;
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
    Decoded<Catalog> decoded = CatalogCodec.decode(message);
    if (decoded instanceof Decoded.Invalid<Catalog> invalid) {
      told.failed(token, "the stored catalog: " + invalid.reason());
      return;
    }
    catalogs.put(decoded.orThrow().rev(), decoded.orThrow());
    told.taken(token);
  }

  private void batch(Listener told, long token, byte[] message) {
    Decoded<Batch> decoded = decode(message);
    if (decoded instanceof Decoded.Invalid<Batch> invalid) {
      told.failed(token, "the stored batch: " + invalid.reason());
      return;
    }
    Batch batch = decoded.orThrow();
    Catalog catalog = catalogs.get(batch.catalogRev());
    if (catalog == null) {
      throw new IllegalStateException("a batch was decoded without its catalog");
    }
    Queue<byte[]> messages = new ArrayDeque<>(rendering.render(batch, catalog, stamper.now()));
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

  private Decoded<Batch> decode(byte[] message) {
    Decoded<Batch.Head> head = BatchCodec.head(message);
    if (head instanceof Decoded.Invalid<Batch.Head> invalid) {
      return Decoded.invalid(invalid.reason(), invalid.offset());
    }
    Catalog catalog = catalogs.get(head.orThrow().catalogRev());
    return catalog == null
        ? Decoded.invalid("catalog " + head.orThrow().catalogRev() + " did not come before it", 0)
        : BatchCodec.decode(message, catalog);
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
