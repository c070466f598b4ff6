package io.verge.simulator.faults;

import io.verge.health.Counters;
import io.verge.model.Event;
import io.verge.model.Lane;
import io.verge.model.Sample;
import io.verge.store.SealPolicy;
import io.verge.store.Store;
import io.verge.store.StoreException;
import io.verge.store.StoreFiles;
import io.verge.store.StoreSettings;
import io.verge.store.StoreWorker;
import io.verge.store.StoredBatch;
import io.verge.time.Stamper;
import io.verge.wire.Batch;
import io.verge.wire.BatchCodec;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** One run of the workload whose calls fail: open, commit, seal, deliver, ack, close. */
final class CallRun {
  /** Who is told what was delivered. */
  interface Sink {
    /** A sample, by lane and identity, and the batch it came in. */
    void sample(Lane lane, long identity, long epoch, long bseq);

    void event(Event event, long epoch, long bseq);
  }

  private static final String UPLINK = "city";
  private static final long SECOND = 1_000_000_000L;
  private static final SealPolicy SEALS = new SealPolicy(2_000, 4_000, 2_000, 32 * 1024);
  static final int COMMITS = 8;

  /** Seconds without any trouble after which a run that does not deliver is stuck. */
  private static final int SECONDS_MAX = 600;

  private final Hastened clock;
  private final Counters counters = new Counters();
  private final Acquisition acquisition;
  private final Stamper stamper;
  private final StoreWorker worker;
  private final boolean durable;
  private final long[] after = new long[Lane.values().length];
  private final Sink sink;

  /**
   * @throws StoreException if the store could not be opened.
   */
  CallRun(Path file, int life, Sink sink) throws StoreException {
    this.sink = sink;
    clock = new Hastened(life);
    stamper = new Stamper(life, clock, clock);
    acquisition = new Acquisition(life, life);
    StoreFiles.Opened opened = StoreFiles.open(file, new Random(life));
    Store store = opened.store();
    durable = store.isDurable();
    try {
      worker =
          new StoreWorker(
              store,
              new StoreSettings(1000, StoreSettings.BYTES_LEAST, SEALS, List.of(UPLINK)),
              store.useCatalog(Acquisition.CATALOG),
              stamper,
              clock,
              counters,
              opened.quarantined());
    } catch (StoreException e) {
      store.close();
      throw e;
    }
  }

  boolean isDurable() {
    return durable;
  }

  long failures() {
    return counters.get("store.failures");
  }

  void close() throws StoreException {
    worker.close();
  }

  /** Acquires some samples and delivers all there is. */
  void work() {
    worker.link(UPLINK, true);
    for (int i = 0; i < COMMITS; i++) {
      offer(Lane.TELEMETRY);
      if (i % 2 == 0) {
        offer(Lane.METER);
        worker.offer(acquisition.nextEvent(stamper.now()));
      }
      second();
    }
    int seconds = 0;
    while (!isDelivered() && seconds++ < SECONDS_MAX) {
      second();
    }
  }

  private void offer(Lane lane) {
    Sample sample = acquisition.next(lane, stamper.now(), true);
    worker.offer(lane, sample, acquisition.kept(lane));
  }

  private void second() {
    worker.step(clock.nanos());
    clock.skip(SECOND);
    for (Lane lane : Lane.values()) {
      worker.next(UPLINK, lane, after[lane.number()], this::take);
    }
    worker.step(clock.nanos());
  }

  private void take(Optional<StoredBatch> found) {
    if (found.isEmpty()) {
      return;
    }
    StoredBatch stored = found.get();
    if (stored.bseq() > after[stored.lane().number()]) {
      after[stored.lane().number()] = stored.bseq();
      Batch batch =
          BatchCodec.decode(stored.message(), Acquisition.CATALOG.withRev(stored.catalogRev()))
              .orThrow();
      batch
          .samples()
          .forEach(
              sample ->
                  sink.sample(stored.lane(), sample.values()[0], worker.epoch(), stored.bseq()));
      batch.events().forEach(event -> sink.event(event, worker.epoch(), stored.bseq()));
    }
    worker.ack(UPLINK, stored.lane(), worker.epoch(), stored.bseq());
  }

  private boolean isDelivered() {
    return worker.view().trouble().isEmpty()
        && counters.get("readings.journaled") >= acquisition.readings()
        && worker.view().lanes().stream()
            .allMatch(lane -> lane.journalRows() == 0 && lane.held().unacked() == 0);
  }
}
