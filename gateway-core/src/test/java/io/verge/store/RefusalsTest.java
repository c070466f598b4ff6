package io.verge.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.health.Counters;
import io.verge.model.Catalog;
import io.verge.model.Gap;
import io.verge.model.Lane;
import io.verge.time.Stamper;
import io.verge.time.Ticker;
import io.verge.time.WallClock;
import io.verge.wire.Batch;
import io.verge.wire.BatchCodec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RefusalsTest {
  private static final List<String> UPLINKS = List.of("city", "operator");

  /** Time that moves when told to; UTC is known. */
  private static final class Moving implements Ticker, WallClock {
    private long nanos = 100_000_000_000L;

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
      return 1_790_000_000_000L;
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

  @TempDir(factory = RamDir.class)
  private Path folder = Path.of("unset");

  private final Counters counters = new Counters();
  private final Moving time = new Moving();
  private Catalog catalog = Samples.CATALOG;
  private StoreWorker worker = unset();

  @SuppressWarnings("NullAway") // set before each test
  private static StoreWorker unset() {
    return null;
  }

  @BeforeEach
  void open() throws StoreException {
    Store store = StoreFiles.open(folder.resolve("verge.db"), new Random(1)).store();
    catalog = store.useCatalog(Samples.CATALOG);
    worker =
        new StoreWorker(
            store,
            new StoreSettings(
                100,
                StoreSettings.BYTES_LEAST,
                new SealPolicy(0, 0, 0, SealPolicy.DEFAULT.bytesMax()),
                UPLINKS,
                ShedPolicy.DEFAULT),
            catalog,
            new Stamper(7, time, time),
            time,
            counters,
            null);
    UPLINKS.forEach(uplink -> worker.link(uplink, true));
    settle();
  }

  @AfterEach
  void close() throws StoreException {
    worker.close();
  }

  /** Lets a commit interval pass. */
  private void settle() {
    for (int i = 0; i < 3; i++) {
      worker.step(time.nanos());
      time.sleepUntil(time.nanos() + 200_000_000);
    }
  }

  private void seal(int samples) {
    for (int i = 0; i < samples; i++) {
      assertThat(worker.offer(Lane.TELEMETRY, Samples.sample(i * 1000L, i), null)).isTrue();
    }
    settle();
  }

  private StoredBatch next(String uplink, Lane lane, long after) {
    List<Optional<StoredBatch>> found = new ArrayList<>();
    worker.next(uplink, lane, after, found::add);
    settle();
    return found.get(0).orElseThrow();
  }

  private Batch decoded(StoredBatch batch) {
    return BatchCodec.decode(batch.message(), catalog).orThrow();
  }

  @Test
  void onlyTheUplinkThatRefusedGetsTheDeclaration() {
    seal(5);
    seal(3);
    StoredBatch first = next("city", Lane.TELEMETRY, 0);
    worker.refuse("city", Lane.TELEMETRY, worker.epoch(), 1);

    StoredBatch instead = next("city", Lane.TELEMETRY, 0);
    Batch told = decoded(instead);
    assertThat(told.bseq()).isEqualTo(1);
    assertThat(told.samples()).isEmpty();
    assertThat(told.rseqFirst()).isEqualTo(first.rseqFirst());
    assertThat(told.gaps()).hasSize(1);
    Gap gap = told.gaps().get(0);
    assertThat(gap.reason()).isEqualTo("refused");
    assertThat(gap.lane()).isEqualTo(Lane.TELEMETRY);
    assertThat(gap.rseqFirst()).isEqualTo(first.rseqFirst());
    assertThat(gap.rseqLast()).isEqualTo(first.rseqFirst() + first.samples() - 1);
    assertThat(gap.readings()).isEqualTo(first.readings());
    assertThat(gap.firstMs()).isPositive().isLessThanOrEqualTo(gap.lastMs());

    assertThat(next("city", Lane.TELEMETRY, 0).message()).isEqualTo(instead.message());
    assertThat(next("operator", Lane.TELEMETRY, 0).message()).isEqualTo(first.message());
    assertThat(decoded(next("city", Lane.TELEMETRY, 1)).rseqFirst())
        .isEqualTo(first.rseqFirst() + first.samples());
  }

  @Test
  void whatWasRefusedIsNotCountedAsDelivered() {
    seal(5);
    seal(3);
    long first = next("city", Lane.TELEMETRY, 0).readings();
    long second = next("city", Lane.TELEMETRY, 1).readings();
    worker.refuse("city", Lane.TELEMETRY, worker.epoch(), 1);
    for (String uplink : UPLINKS) {
      worker.ack(uplink, Lane.TELEMETRY, worker.epoch(), 2);
    }
    settle();
    assertThat(counters.get("readings.delivered.city")).isEqualTo(second);
    assertThat(counters.get("readings.refused.city")).isEqualTo(first);
    assertThat(counters.get("readings.delivered.operator")).isEqualTo(first + second);
    assertThat(counters.get("readings.refused.operator")).isZero();
  }

  @Test
  void aRefusalIsAnEventIsShownAndSurvivesARestart() throws StoreException {
    seal(5);
    worker.refuse("city", Lane.TELEMETRY, worker.epoch(), 1);
    worker.refuse("city", Lane.TELEMETRY, worker.epoch(), 1);
    settle();
    assertThat(counters.get("batches.refused")).isEqualTo(1);
    List<String> kinds = new ArrayList<>();
    for (long bseq = 0; kinds.stream().noneMatch(kind -> kind.startsWith("uplink")); bseq++) {
      decoded(next("operator", Lane.EVENT, bseq))
          .events()
          .forEach(event -> kinds.add(event.kind() + " " + event.details().get("bseq")));
    }
    assertThat(kinds).contains("uplink.batch-refused 1");
    worker.close();
    open();
    assertThat(worker.view().refused())
        .containsOnly(
            java.util.Map.entry(
                "city", new StoreView.Refused(1, List.of("telemetry 1"), time.utcMs())));
    assertThat(decoded(next("city", Lane.TELEMETRY, 0)).gaps()).hasSize(1);
  }

  @Test
  void refusalsOfAnotherEpochAndOfWhatIsNotThereChangeNothing() {
    seal(5);
    worker.refuse("city", Lane.TELEMETRY, worker.epoch() + 1, 1);
    worker.refuse("city", Lane.TELEMETRY, worker.epoch(), 9);
    assertThat(decoded(next("city", Lane.TELEMETRY, 0)).samples()).hasSize(5);
    assertThat(worker.view().refused()).isEmpty();
  }
}
