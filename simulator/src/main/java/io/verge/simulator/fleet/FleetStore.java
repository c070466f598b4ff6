package io.verge.simulator.fleet;

import io.verge.model.Lane;
import io.verge.store.BatchSource;
import io.verge.store.StoreMarks;
import io.verge.store.StoredBatch;
import io.verge.wire.Batch;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One gateway's store as far as its uplink sees it, in memory: telemetry only. Answers at once, on
 * the caller's thread; under its own lock.
 */
final class FleetStore implements BatchSource {
  /** Un-acked batches of one gateway; beyond that it skips, and counts it. */
  private static final int HELD_MAX = 500;

  private final FleetStreet street;
  private final FleetFigures figures;
  private final long epoch;
  private final long boot;
  private final long phaseMs;
  private final Deque<StoredBatch> held = new ArrayDeque<>();
  private final Map<Long, Long> handed = new HashMap<>();
  private Runnable sealed = () -> {};
  private long next = 1;
  private long nextRseq = 1;

  FleetStore(FleetStreet street, FleetFigures figures, long epoch, long boot, long phaseMs) {
    this.street = street;
    this.figures = figures;
    this.epoch = epoch;
    this.boot = boot;
    this.phaseMs = phaseMs;
  }

  long epoch() {
    return epoch;
  }

  synchronized int unacked() {
    return held.size();
  }

  /** Seals what the street did in the time before now. */
  void seal(long utcMs, long spanMs) {
    synchronized (this) {
      if (held.size() >= HELD_MAX) {
        figures.skipped.incrementAndGet();
        return;
      }
      Batch batch = street.batch(epoch, boot, next, nextRseq, utcMs, spanMs, phaseMs);
      if (batch.samples().isEmpty()) {
        return;
      }
      held.add(
          new StoredBatch(
              Lane.TELEMETRY,
              next,
              nextRseq,
              batch.count(),
              FleetStreet.readings(batch),
              street.catalogRev(),
              street.encode(batch)));
      next++;
      nextRseq += batch.count();
    }
    figures.sealed.incrementAndGet();
    sealed.run();
  }

  @Override
  public void marks(String uplink, Consumer<StoreMarks> receiver) {
    StoreMarks marks;
    synchronized (this) {
      long oldest = held.isEmpty() ? next : held.peekFirst().bseq();
      marks =
          new StoreMarks(
              epoch,
              new long[] {1, 1, oldest},
              new long[] {1, 1, next},
              new long[] {0, 0, next - 1},
              street.catalogRev());
    }
    receiver.accept(marks);
  }

  @Override
  public void next(
      String uplink, Lane lane, long afterBseq, Consumer<Optional<StoredBatch>> receiver) {
    Optional<StoredBatch> found = Optional.empty();
    if (lane == Lane.TELEMETRY) {
      synchronized (this) {
        found = held.stream().filter(batch -> batch.bseq() > afterBseq).findFirst();
        found.ifPresent(batch -> handed.putIfAbsent(batch.bseq(), System.nanoTime()));
      }
    }
    receiver.accept(found);
  }

  @Override
  public synchronized void ack(String uplink, Lane lane, long ofEpoch, long bseq) {
    while (lane == Lane.TELEMETRY
        && ofEpoch == epoch
        && !held.isEmpty()
        && held.peekFirst().bseq() <= bseq) {
      StoredBatch batch = held.removeFirst();
      Long at = handed.remove(batch.bseq());
      if (at != null) {
        figures.waited(System.nanoTime() - at);
      }
      figures.acked.incrementAndGet();
      figures.readingsAcked.addAndGet(batch.readings());
      figures.payload.addAndGet(batch.message().length);
    }
  }

  @Override
  public void catalog(long rev, Consumer<Optional<byte[]>> receiver) {
    receiver.accept(
        rev == street.catalogRev() ? Optional.of(street.catalogMessage()) : Optional.empty());
  }

  /** It stays, and the fleet ends with a batch that was not acked. */
  @Override
  public void refuse(String uplink, Lane lane, long ofEpoch, long bseq) {}

  /** Batches are as large as an interval makes them. */
  @Override
  public void linkRate(String uplink, long bytesPerSecond) {}

  /** Batches are sealed by the fleet's own clock. */
  @Override
  public void link(String uplink, boolean up) {}

  @Override
  public void onSealed(Runnable listener) {
    sealed = listener;
  }
}
