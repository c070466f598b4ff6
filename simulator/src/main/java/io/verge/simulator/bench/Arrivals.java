package io.verge.simulator.bench;

import io.verge.bytes.Decoded;
import io.verge.model.Catalog;
import io.verge.model.Event;
import io.verge.model.Lane;
import io.verge.model.Sample;
import io.verge.simulator.backend.BackEnd;
import io.verge.wire.Ack;
import io.verge.wire.AckCodec;
import io.verge.wire.Batch;
import io.verge.wire.BatchCodec;
import io.verge.wire.CatalogCodec;
import io.verge.wire.Hello;
import io.verge.wire.HelloCodec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A back end that keeps everything in memory and notes when it came, so that a bench measures the
 * link and the gateway, not a database. Numbers are committed in order and once, as by any other.
 */
final class Arrivals implements BackEnd {
  /** A batch that was committed. */
  private record Came(byte[] message, long atNanos) {}

  private final Map<Lane, List<Came>> lanes = new HashMap<>();
  private final Map<Long, Catalog> catalogs = new HashMap<>();
  private final Consumer<Event> onEvent;
  private long helloNanos;

  /**
   * @param onEvent hears events as they come, on the link's far side.
   */
  Arrivals(Consumer<Event> onEvent) {
    this.onEvent = onEvent;
    for (Lane lane : Lane.values()) {
      lanes.put(lane, new ArrayList<>());
    }
  }

  private List<Came> of(Lane lane) {
    return lanes.getOrDefault(lane, List.of());
  }

  /** When the gateway first said hello; 0: not yet. */
  synchronized long helloNanos() {
    return helloNanos;
  }

  synchronized long mark(Lane lane) {
    return of(lane).size();
  }

  /** When a batch came. */
  synchronized long atNanos(Lane lane, long bseq) {
    return of(lane).get((int) bseq - 1).atNanos();
  }

  /** Bytes of the lane's messages up to a batch. */
  synchronized long bytes(Lane lane, long upTo) {
    return of(lane).subList(0, (int) upTo).stream().mapToLong(came -> came.message().length).sum();
  }

  /** Readings in the lane's batches up to one, decoded; the numbers must follow each other. */
  synchronized long readings(Lane lane, long upTo) {
    long readings = 0;
    long next = 1;
    for (Came came : of(lane).subList(0, (int) upTo)) {
      Batch batch = decoded(came.message()).orElseThrow();
      if (batch.rseqFirst() != next) {
        throw new IllegalStateException("number " + batch.rseqFirst() + ", expected " + next);
      }
      next += batch.count();
      readings += batch.samples().stream().mapToLong(Sample::readings).sum();
    }
    return readings;
  }

  @Override
  public synchronized List<byte[]> hello(String gateway, byte[] message) {
    Hello hello = HelloCodec.decode(message).orThrow();
    helloNanos = helloNanos == 0 ? System.nanoTime() : helloNanos;
    List<byte[]> acks = new ArrayList<>();
    for (Lane lane : Lane.values()) {
      acks.add(ack(hello.epoch(), lane, !catalogs.containsKey(hello.catalogRev())));
    }
    return acks;
  }

  private byte[] ack(long epoch, Lane lane, boolean need) {
    return AckCodec.encode(new Ack(epoch, lane, mark(lane), System.currentTimeMillis(), need));
  }

  private Optional<Batch> decoded(byte[] message) {
    Catalog catalog = catalogs.get(BatchCodec.head(message).orThrow().catalogRev());
    return catalog == null
        ? Optional.empty()
        : Optional.of(BatchCodec.decode(message, catalog).orThrow());
  }

  @Override
  public synchronized List<byte[]> batch(String gateway, byte[] message) {
    long now = System.nanoTime();
    Batch.Head head = BatchCodec.head(message).orThrow();
    boolean knows = catalogs.containsKey(head.catalogRev());
    if (knows && head.bseq() == mark(head.lane()) + 1) {
      of(head.lane()).add(new Came(message, now));
      if (head.lane() == Lane.EVENT) {
        decoded(message).orElseThrow().events().forEach(onEvent);
      }
    }
    return List.of(ack(head.epoch(), head.lane(), !knows));
  }

  @Override
  public synchronized boolean catalog(String gateway, byte[] message) {
    Decoded<Catalog> decoded = CatalogCodec.decode(message);
    if (decoded instanceof Decoded.Valid<Catalog> valid) {
      catalogs.put(valid.value().rev(), valid.value());
      return true;
    }
    return false;
  }
}
