package io.verge.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.verge.model.Catalog;
import io.verge.model.Device;
import io.verge.model.DeviceType;
import io.verge.model.Event;
import io.verge.model.Lane;
import io.verge.model.PointType;
import io.verge.model.Quality;
import io.verge.model.Sample;
import io.verge.model.Severity;
import io.verge.model.Stamp;
import io.verge.wire.Batch;
import io.verge.wire.BatchCodec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreTest {
  private static final Catalog CATALOG =
      new Catalog(
          0,
          List.of(
              new DeviceType(
                  "lamp",
                  60_000,
                  List.of(PointType.gauge("power", "W", 1), PointType.gauge("level", "%", 0)))),
          List.of(new Device(0, "lamp-1"), new Device(0, "lamp-2")));
  private static final Sealing.Clock UNTRUSTED = new Sealing.Clock(7, Stamp.NO_UTC, 0);
  private static final long UTC = 1_790_000_000_000L;

  @TempDir private Path folder = Path.of("unset");
  private Path file = Path.of("unset");

  @BeforeEach
  void name() {
    file = folder.resolve("verge.db");
  }

  @Test
  void aReadingGoesFromJournalToBatchToAck() throws StoreException {
    try (Store store = open()) {
      store.append(Map.of(Lane.TELEMETRY, row(0, 600), Lane.EVENT, event()), Map.of());
      StoredBatch batch = store.seal(Lane.TELEMETRY, 100, UNTRUSTED).orElseThrow();
      assertThat(batch.bseq()).isEqualTo(1);
      assertThat(batch.readings()).isEqualTo(2);
      Batch decoded = BatchCodec.decode(batch.message(), CATALOG.withRev(1)).orThrow();
      assertThat(decoded.samples().get(0).values()).containsExactly(600, 40);
      assertThat(decoded.samples().get(0).stamp().utcMs()).isEqualTo(UTC);
      assertThat(store.seal(Lane.TELEMETRY, 100, UNTRUSTED)).isEmpty();
      assertThat(store.marks("city").oldest()).containsExactly(1, 1, 1);
      assertThat(store.ack("city", Lane.TELEMETRY, store.epoch(), 1)).isNotNegative();
      assertThat(store.marks("city").oldest()).containsExactly(1, 1, 2);
      assertThat(store.marks("other").oldest()).containsExactly(1, 1, 1);
    }
  }

  @Test
  void committedRowsSurviveAStopWithoutClosing() throws StoreException {
    Store store = open();
    assertThat(store.wasClean()).isTrue();
    long epoch = store.epoch();
    store.append(Map.of(Lane.TELEMETRY, row(0, 600)), Map.of("meter-1", new long[] {17, -4}));
    StoredBatch sealed = store.seal(Lane.TELEMETRY, 100, UNTRUSTED).orElseThrow();
    store.append(Map.of(Lane.TELEMETRY, row(60, 601)), Map.of());
    store.abandon();
    try (Store again = open()) {
      assertThat(again.wasClean()).isFalse();
      assertThat(again.epoch()).isEqualTo(epoch);
      assertThat(again.kept("meter-1").orElseThrow()).containsExactly(17, -4);
      assertThat(again.kept("meter-2")).isEmpty();
      assertThat(again.next(Lane.TELEMETRY, 0).orElseThrow().message()).isEqualTo(sealed.message());
      StoredBatch second = again.seal(Lane.TELEMETRY, 100, UNTRUSTED).orElseThrow();
      assertThat(second.bseq()).isEqualTo(2);
      assertThat(second.rseqFirst()).isEqualTo(2);
    }
    try (Store third = open()) {
      assertThat(third.wasClean()).isTrue();
    }
  }

  @Test
  void acksAreMonotoneAndForeignOnesAreIgnored() throws StoreException {
    try (Store store = open()) {
      for (int i = 0; i < 3; i++) {
        store.append(Map.of(Lane.METER, row(i * 60, 600 + i)), Map.of());
        store.seal(Lane.METER, 1, UNTRUSTED);
      }
      assertThat(store.ack("city", Lane.METER, store.epoch(), 2)).isNotNegative();
      assertThat(store.ack("city", Lane.METER, store.epoch(), 1)).isNotNegative();
      assertThat(store.ack("city", Lane.METER, store.epoch(), 4)).isEqualTo(-1);
      assertThat(store.ack("city", Lane.METER, store.epoch() ^ 1, 3)).isEqualTo(-1);
      assertThat(store.marks("city").oldest()[1]).isEqualTo(3);
    }
  }

  @Test
  void equalCatalogsKeepTheirRevisionAndABatchNamesOne() throws StoreException {
    Catalog other =
        new Catalog(0, CATALOG.types(), List.of(new Device(0, "lamp-9"), new Device(0, "lamp-2")));
    try (Store store = open()) {
      store.append(Map.of(Lane.TELEMETRY, row(0, 600)), Map.of());
      assertThat(store.useCatalog(other).rev()).isEqualTo(2);
      store.append(Map.of(Lane.TELEMETRY, row(60, 601)), Map.of());
      assertThat(store.useCatalog(CATALOG).rev()).isEqualTo(1);
      assertThat(store.seal(Lane.TELEMETRY, 100, UNTRUSTED).orElseThrow().catalogRev())
          .isEqualTo(1);
      assertThat(store.seal(Lane.TELEMETRY, 100, UNTRUSTED).orElseThrow().catalogRev())
          .isEqualTo(2);
      assertThat(store.catalogMessage(2)).isPresent();
      assertThat(store.catalogMessage(3)).isEmpty();
    }
  }

  @Test
  void timesOfAnUntrustedClockAreResolvedOnceItIsKnownOrSentSinceBoot() throws StoreException {
    Stamp unknown = new Stamp(7, 5000, Stamp.NO_UTC, 0);
    JournalRow blind =
        new JournalRow(
            List.of(new Sample(0, unknown, Quality.GOOD, new long[] {1, 2}, null)), List.of());
    try (Store store = open()) {
      store.append(Map.of(Lane.TELEMETRY, blind), Map.of());
      store.append(Map.of(Lane.METER, blind), Map.of());
      Batch sinceBoot =
          decoded(store.seal(Lane.METER, 1, new Sealing.Clock(8, UTC, 20)).orElseThrow());
      assertThat(sinceBoot.clk().sinceBoot()).isTrue();
      assertThat(sinceBoot.samples().get(0).stamp().monoMs()).isEqualTo(5000);
      Batch resolved =
          decoded(store.seal(Lane.TELEMETRY, 1, new Sealing.Clock(7, UTC, 20)).orElseThrow());
      assertThat(resolved.clk().sinceBoot()).isFalse();
      assertThat(resolved.samples().get(0).stamp().utcMs()).isEqualTo(UTC + 5000);
    }
  }

  @Test
  void aBacklogIsCutIntoBatchesOfTheLimit() throws StoreException {
    Random random = new Random(5);
    try (Store store = open()) {
      for (int i = 0; i < 200; i++) {
        List<Sample> samples = new ArrayList<>();
        for (int s = 0; s < 100; s++) {
          samples.add(
              new Sample(
                  s % 2,
                  new Stamp(7, 0, UTC + i * 5000L + s, 10),
                  Quality.GOOD,
                  new long[] {random.nextInt(1 << 20), random.nextInt(1 << 20)},
                  null));
        }
        store.append(Map.of(Lane.TELEMETRY, new JournalRow(samples, List.of())), Map.of());
      }
      long expected = 1;
      int batches = 0;
      Optional<StoredBatch> batch;
      while ((batch = store.seal(Lane.TELEMETRY, 100, UNTRUSTED)).isPresent()) {
        assertThat(batch.get().rseqFirst()).isEqualTo(expected);
        assertThat(batch.get().message().length).isLessThanOrEqualTo(Store.BATCH_BYTES_MAX);
        expected += batch.get().samples();
        batches++;
      }
      assertThat(expected).isEqualTo(20_001);
      assertThat(batches).isGreaterThan(2);
    }
  }

  @Test
  void aForeignFileIsRefusedAndLeftAsItWas() throws Exception {
    byte[] foreign = "this is not a store, it only looks like one ........".getBytes("UTF-8");
    Files.write(file, foreign);
    assertThatThrownBy(this::open)
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("verge.db");
    assertThat(Files.readAllBytes(file)).isEqualTo(foreign);
  }

  private Store open() throws StoreException {
    Store store = Store.open(file, new Random(1));
    store.useCatalog(CATALOG);
    return store;
  }

  private static Batch decoded(StoredBatch batch) {
    return BatchCodec.decode(batch.message(), CATALOG.withRev(batch.catalogRev())).orThrow();
  }

  private static JournalRow row(int seconds, long power) {
    return new JournalRow(
        List.of(
            new Sample(
                0,
                new Stamp(7, seconds * 1000L, UTC + seconds * 1000L, 10),
                Quality.GOOD,
                new long[] {power, 40},
                null)),
        List.of());
  }

  private static JournalRow event() {
    return new JournalRow(
        List.of(),
        List.of(
            new Event(
                new Stamp(7, 0, UTC, 10),
                "store.started",
                Severity.INFO,
                Event.NO_DEVICE,
                Map.of("clean", true))));
  }
}
