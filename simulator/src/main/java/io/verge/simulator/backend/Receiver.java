package io.verge.simulator.backend;

import io.verge.bytes.Decoded;
import io.verge.model.Catalog;
import io.verge.model.Lane;
import io.verge.wire.Ack;
import io.verge.wire.AckCodec;
import io.verge.wire.Batch;
import io.verge.wire.BatchCodec;
import io.verge.wire.CatalogCodec;
import io.verge.wire.Hello;
import io.verge.wire.HelloCodec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The receiving side of the uplink protocol: what is committed, and what is answered. Answers are
 * made after the commit. Invalid messages are counted and not answered. Any thread; one message at
 * a time.
 *
 * <p>A catalog message does not name its epoch; it belongs to the epoch its gateway spoke of last.
 * One that comes before that may be of an epoch long gone: it is passed over, and asked for.
 */
public final class Receiver {
  private static final Logger LOG = LoggerFactory.getLogger(Receiver.class);

  /** What a gateway may be called: it is part of topics and paths. */
  private static final Pattern GATEWAY = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  /** Catalogs held decoded; the rest is read from the ledger again. */
  private static final int CATALOGS_MAX = 64;

  private record CatalogKey(String gateway, long epoch, long rev) {}

  private final Ledger ledger;
  private final LongSupplier utcMs;
  private final Map<String, Long> epochs = new HashMap<>();
  private final Map<CatalogKey, KnownCatalog> catalogs =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<CatalogKey, KnownCatalog> eldest) {
          return size() > CATALOGS_MAX;
        }
      };
  private Consumer<String> onHello = gateway -> {};
  private long committed;
  private long duplicates;
  private long early;
  private long invalid;
  private long unknownCatalog;

  /**
   * @param ledger stays the caller's to close.
   * @param utcMs the back end's clock, milliseconds since 1970 UTC; goes into every ack.
   */
  public Receiver(Ledger ledger, LongSupplier utcMs) {
    this.ledger = ledger;
    this.utcMs = utcMs;
  }

  /** Batches since this receiver was made, by what became of them. */
  public record Counts(
      long committed, long duplicates, long early, long invalid, long unknownCatalog) {}

  public synchronized Counts counts() {
    return new Counts(committed, duplicates, early, invalid, unknownCatalog);
  }

  /** Sets who hears, after it was answered, which gateway said hello; called under the lock. */
  public synchronized void onHello(Consumer<String> listener) {
    onHello = listener;
  }

  /** This receiver, as fronts and links know it. */
  public BackEnd asBackEnd() {
    return new BackEnd() {
      @Override
      public List<byte[]> hello(String gateway, byte[] message) throws LedgerException {
        return Receiver.this.hello(gateway, message);
      }

      @Override
      public List<byte[]> batch(String gateway, byte[] message) throws LedgerException {
        return Receiver.this.batch(gateway, message).stream().toList();
      }

      @Override
      public boolean catalog(String gateway, byte[] message) throws LedgerException {
        return Receiver.this.catalog(gateway, message);
      }
    };
  }

  /**
   * @return one ack message a lane; none if the hello is invalid.
   */
  public List<byte[]> hello(String gateway, byte[] message) throws LedgerException {
    return acks(gateway, message).stream().map(AckCodec::encode).toList();
  }

  /** The same as one message with an array of acks; empty if the hello is invalid. */
  public Optional<byte[]> helloAsOne(String gateway, byte[] message) throws LedgerException {
    List<Ack> acks = acks(gateway, message);
    return acks.isEmpty() ? Optional.empty() : Optional.of(AckCodec.encodeAll(acks));
  }

  private synchronized List<Ack> acks(String gateway, byte[] message) throws LedgerException {
    Decoded<Hello> decoded = HelloCodec.decode(message);
    if (!isGateway(gateway) || !(decoded instanceof Decoded.Valid<Hello> valid)) {
      refuse("hello", gateway, decoded);
      return List.of();
    }
    Hello hello = valid.value();
    speak(gateway, hello.epoch());
    boolean need =
        hello.catalogRev() > 0 && known(gateway, hello.epoch(), hello.catalogRev()) == null;
    List<Ack> acks = new ArrayList<>();
    for (Lane lane : Lane.values()) {
      long mark = ledger.mark(gateway, hello.epoch(), lane);
      acks.add(new Ack(hello.epoch(), lane, mark, utcMs.getAsLong(), need));
    }
    onHello.accept(gateway);
    return acks;
  }

  /**
   * @return the ack, or empty if the message is invalid.
   * @throws LedgerException if it could not be committed; it must not be acked then.
   */
  public synchronized Optional<byte[]> batch(String gateway, byte[] message)
      throws LedgerException {
    Decoded<Batch.Head> decoded = BatchCodec.head(message);
    if (!isGateway(gateway) || !(decoded instanceof Decoded.Valid<Batch.Head> valid)) {
      refuse("batch", gateway, decoded);
      return Optional.empty();
    }
    Batch.Head head = valid.value();
    speak(gateway, head.epoch());
    long mark = ledger.mark(gateway, head.epoch(), head.lane());
    if (head.bseq() <= mark) {
      duplicates++;
      return Optional.of(ack(head, mark, false));
    }
    KnownCatalog catalog = known(gateway, head.epoch(), head.catalogRev());
    if (catalog == null) {
      unknownCatalog++;
      return Optional.of(ack(head, mark, true));
    }
    Decoded<Batch> whole = BatchCodec.decode(message, catalog.catalog());
    if (!(whole instanceof Decoded.Valid<Batch> batch) || head.bseq() == 0) {
      refuse("batch", gateway, whole);
      return Optional.empty();
    }
    Ledger.Result result =
        ledger.commit(gateway, batch.value(), catalog, message.length, utcMs.getAsLong());
    switch (result.stored()) {
      case COMMITTED -> committed++;
      case DUPLICATE -> duplicates++;
      case TOO_EARLY -> early++;
    }
    return Optional.of(ack(head, result.mark(), false));
  }

  /** Tells the time to a gateway that does not know it; others would pay for nine bytes. */
  private byte[] ack(Batch.Head head, long mark, boolean needCatalog) {
    long nowMs = head.hasUtc() ? 0 : utcMs.getAsLong();
    return AckCodec.encode(new Ack(head.epoch(), head.lane(), mark, nowMs, needCatalog));
  }

  /**
   * @return whether it was a catalog.
   */
  public synchronized boolean catalog(String gateway, byte[] message) throws LedgerException {
    Decoded<Catalog> decoded = CatalogCodec.decode(message);
    if (!isGateway(gateway) || !(decoded instanceof Decoded.Valid<Catalog> valid)) {
      refuse("catalog", gateway, decoded);
      return false;
    }
    Long epoch = epochs.get(gateway);
    if (epoch != null) {
      ledger.putCatalog(gateway, epoch, valid.value().rev(), message);
    }
    return true;
  }

  private void speak(String gateway, long epoch) throws LedgerException {
    Long before = epochs.get(gateway);
    if (before != null && before == epoch) {
      return;
    }
    ledger.meet(gateway, epoch);
    epochs.put(gateway, epoch);
  }

  private @org.jspecify.annotations.Nullable KnownCatalog known(
      String gateway, long epoch, long rev) throws LedgerException {
    CatalogKey key = new CatalogKey(gateway, epoch, rev);
    KnownCatalog held = catalogs.get(key);
    if (held != null) {
      return held;
    }
    Optional<byte[]> message = ledger.catalog(gateway, epoch, rev);
    if (message.isEmpty()) {
      return null;
    }
    KnownCatalog read = new KnownCatalog(gateway, CatalogCodec.decode(message.get()).orThrow());
    catalogs.put(key, read);
    return read;
  }

  static boolean isGateway(String gateway) {
    return GATEWAY.matcher(gateway).matches();
  }

  private void refuse(String what, String gateway, Decoded<?> decoded) {
    invalid++;
    LOG.debug("invalid {} from {}: {}", what, gateway, decoded);
  }
}
