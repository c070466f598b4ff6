package io.verge.simulator.bench;

import io.verge.health.Counters;
import io.verge.model.Catalog;
import io.verge.model.Lane;
import io.verge.model.Sample;
import io.verge.store.SealPolicy;
import io.verge.store.Store;
import io.verge.store.StoreException;
import io.verge.store.StoreSettings;
import io.verge.store.StoreWorker;
import io.verge.time.Stamper;
import io.verge.time.Ticker;
import io.verge.time.WallClock;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/**
 * The shipped store and its worker on the calling thread, under a clock that only {@link #commit}
 * moves.
 */
final class StoreRig implements AutoCloseable {
  private static final String UPLINK = "city";

  /** Time that moves when it is told to. */
  private static final class Clock implements Ticker, WallClock {
    private static final long BEGIN_UTC_MS = 1_790_000_000_000L;
    private long nanos;

    @Override
    public long nanos() {
      return nanos;
    }

    @Override
    public void sleepUntil(long deadlineNanos) {
      nanos = Math.max(nanos, deadlineNanos);
    }

    @Override
    public long utcMs() {
      return BEGIN_UTC_MS + nanos / 1_000_000;
    }

    @Override
    public boolean isTrusted() {
      return true;
    }

    @Override
    public int uncertaintyMs() {
      return 20;
    }

    @Override
    public void offer(long utcMs, int uncMs) {}
  }

  private final Clock clock = new Clock();
  private final Counters counters = new Counters();
  private final StoreWorker worker;
  private final long commitNanos;

  /** Opens as the gateway does, link down. */
  StoreRig(Path file, long commitMs, long maxBytes, Catalog wanted) throws StoreException {
    Store store = Store.open(file, new Random(5));
    Catalog catalog = store.useCatalog(wanted);
    this.commitNanos = commitMs * 1_000_000;
    this.worker =
        new StoreWorker(
            store,
            new StoreSettings(commitMs, maxBytes, SealPolicy.DEFAULT, List.of(UPLINK)),
            catalog,
            new Stamper(7, clock, clock),
            clock,
            counters,
            null);
    worker.step(clock.nanos());
    clock.sleepUntil(commitNanos);
    worker.step(clock.nanos());
  }

  /** Offers what one commit interval brings and commits it, seals what is due. */
  void commit(List<Sample> samples) {
    long before = journaled();
    for (Sample sample : samples) {
      if (!worker.offer(Lane.TELEMETRY, sample, null)) {
        throw new IllegalStateException("the store refuses samples: " + worker.view());
      }
    }
    worker.step(clock.nanos());
    clock.sleepUntil(clock.nanos() + commitNanos);
    worker.step(clock.nanos());
    if (journaled() != before + samples.stream().mapToLong(Sample::readings).sum()) {
      throw new IllegalStateException("not committed: " + worker.view());
    }
  }

  /** What the link was seen to carry before it was gone. */
  void linkRate(long bytesPerSecond) {
    worker.linkRate(UPLINK, bytesPerSecond);
    worker.step(clock.nanos());
  }

  /** Readings in batches; what is not sealed yet is not among them. */
  long sealed() {
    return counters.get("readings.sealed");
  }

  private long journaled() {
    return counters.get("readings.journaled");
  }

  @Override
  public void close() throws StoreException {
    worker.close();
  }
}
