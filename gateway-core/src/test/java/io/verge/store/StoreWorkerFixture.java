package io.verge.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.health.Counters;
import io.verge.model.Catalog;
import io.verge.model.Lane;
import io.verge.time.Stamper;
import io.verge.time.Ticker;
import io.verge.time.WallClock;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A store's worker, stepped by hand; time stands still unless a test moves it. */
abstract class StoreWorkerFixture {
  static final long SECOND = 1_000_000_000L;

  @TempDir(factory = RamDir.class)
  Path folder = Path.of("unset");

  final Counters counters = new Counters();
  long nanos = 100 * SECOND;

  final Ticker ticker =
      new Ticker() {
        @Override
        public long nanos() {
          return nanos;
        }

        @Override
        public void sleepUntil(long deadlineNanos) {
          nanos = Math.max(nanos, deadlineNanos);
        }
      };
  Catalog catalog = Samples.CATALOG;
  StoreWorker worker = unset();

  @SuppressWarnings("NullAway") // set before each test
  static StoreWorker unset() {
    return null;
  }

  @BeforeEach
  void open() throws StoreException {
    open(StoreSettings.BYTES_LEAST, ShedPolicy.DEFAULT, List.of("city"));
    step();
  }

  void open(long maxBytes, ShedPolicy shed, List<String> uplinks) throws StoreException {
    StoreFiles.Opened opened = StoreFiles.open(folder.resolve("verge.db"), new Random(1));
    catalog = opened.store().useCatalog(Samples.CATALOG);
    worker =
        new StoreWorker(
            opened.store(),
            new StoreSettings(5000, maxBytes, SealPolicy.DEFAULT, uplinks, shed),
            catalog,
            new Stamper(7, ticker, new Clock(ticker)),
            ticker,
            counters,
            opened.quarantined());
  }

  void reopen(long maxBytes, ShedPolicy shed, List<String> uplinks) throws StoreException {
    worker.close();
    open(maxBytes, shed, uplinks);
  }

  @AfterEach
  void close() throws StoreException {
    worker.close();
  }

  /** A clock that is right from the start. */
  record Clock(Ticker ticker) implements WallClock {
    @Override
    public long utcMs() {
      return Samples.UTC + ticker.millis();
    }

    @Override
    public boolean isTrusted() {
      return true;
    }

    @Override
    public int uncertaintyMs() {
      return 10;
    }

    @Override
    public void offer(long utcMs, int uncMs) {}
  }

  long step() {
    return worker.step(nanos);
  }

  /** Steps until nothing is due before {@code seconds} from now. */
  void run(long seconds) {
    long end = nanos + seconds * SECOND;
    long next = step();
    while (next <= end) {
      nanos = Math.max(nanos, next);
      next = step();
    }
    nanos = end;
  }

  Optional<StoredBatch> next(Lane lane, long after) {
    List<Optional<StoredBatch>> found = new ArrayList<>();
    worker.next("city", lane, after, found::add);
    step();
    return found.get(0);
  }

  StoreView.LaneView lane(Lane lane) {
    return worker.view().lanes().get(lane.number());
  }

  void offer(Lane lane, int count) {
    for (int i = 0; i < count; i++) {
      assertThat(worker.offer(lane, Samples.sample(nanos / 1_000_000 + i, 600 + i), null)).isTrue();
    }
  }
}
