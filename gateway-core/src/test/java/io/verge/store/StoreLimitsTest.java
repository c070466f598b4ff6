package io.verge.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.model.Lane;
import io.verge.wire.Batch;
import io.verge.wire.BatchCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What gives way when the store reaches its limit, and that it is declared. */
class StoreLimitsTest extends StoreWorkerFixture {
  /** Fills the store with telemetry that can't be delivered. */
  private void flood(long megabytes) {
    Random random = new Random(3);
    long target = counters.get("batch.bytes") + (megabytes << 20);
    while (counters.get("batch.bytes") < target) {
      Samples.noise(random, nanos / 1_000_000, 1000)
          .samples()
          .forEach(sample -> worker.offer(Lane.TELEMETRY, sample, null));
      run(5);
      assertThat(bytesOnDisk()).isLessThanOrEqualTo(StoreSettings.BYTES_LEAST);
    }
  }

  private long bytesOnDisk() {
    java.io.File[] files = folder.toFile().listFiles();
    long sum = 0;
    for (java.io.File file : files == null ? new java.io.File[0] : files) {
      sum += file.length();
    }
    return sum;
  }

  @Test
  void historyIsTrimmedBeforeAnythingIsShed() {
    worker.link("city", true);
    Random random = new Random(3);
    for (int i = 0; i < 120; i++) {
      Samples.noise(random, nanos / 1_000_000, 3000)
          .samples()
          .forEach(sample -> worker.offer(Lane.TELEMETRY, sample, null));
      run(400);
      worker.ack("city", Lane.TELEMETRY, worker.epoch(), lane(Lane.TELEMETRY).next() - 1);
      worker.ack("city", Lane.EVENT, worker.epoch(), lane(Lane.EVENT).next() - 1);
      run(1);
      assertThat(bytesOnDisk()).isLessThanOrEqualTo(StoreSettings.BYTES_LEAST);
    }
    assertThat(counters.get("batches.trimmed")).isPositive();
    assertThat(counters.get("batches.shed")).isZero();
    assertThat(lane(Lane.TELEMETRY).held().shed()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"OLDEST", "NEWEST", "THIN"})
  void whatIsShedIsDeclaredToTheLastNumber(ShedPolicy.Mode mode) throws StoreException {
    reopen(
        StoreSettings.BYTES_LEAST,
        new ShedPolicy(ShedPolicy.Mode.OLDEST, mode, 3_600_000, 0.1, 0, java.util.Set.of()),
        List.of("city"));
    worker.offer(Samples.event("lamp.failed"));
    flood(6);
    assertThat(lane(Lane.TELEMETRY).held().shed()).isPositive();
    worker.link("city", true);
    run(600);
    Received received = new Received();
    for (Lane lane : Lane.values()) {
      long after = 0;
      Optional<StoredBatch> batch;
      while ((batch = next(lane, after)).isPresent()) {
        received.add(BatchCodec.decode(batch.get().message(), catalog).orThrow());
        after = batch.get().bseq();
      }
    }
    assertThat(received.events).contains("lamp.failed", "store.shedding");
    received.checkWhole(Lane.TELEMETRY, lane(Lane.TELEMETRY).next() - 1);
    assertThat(received.lost).isEqualTo(counters.get("readings.shed.telemetry"));
    assertThat(received.gapTimes).allMatch(t -> t >= Samples.UTC);
    assertThat(received.reasons)
        .containsOnly(
            mode == ShedPolicy.Mode.THIN ? new String[] {"thinned"} : new String[] {"limit"});
    if (mode == ShedPolicy.Mode.NEWEST) {
      assertThat(next(Lane.TELEMETRY, 0).orElseThrow().bseq()).isEqualTo(1);
    }
  }

  /** What a back end would have, and what it was told it won't get. */
  private static final class Received {
    final java.util.TreeMap<Long, Long> batches = new java.util.TreeMap<>();
    final java.util.TreeMap<Long, Long> numbers = new java.util.TreeMap<>();
    final List<String> events = new ArrayList<>();
    final List<String> reasons = new ArrayList<>();
    final List<Long> gapTimes = new ArrayList<>();
    long lost;

    void add(Batch batch) {
      batch.events().forEach(event -> events.add(event.kind()));
      if (batch.lane() == Lane.TELEMETRY) {
        batches.put(batch.bseq(), batch.bseq());
        numbers.put(batch.rseqFirst(), batch.rseqFirst() + batch.count() - 1);
      }
      batch
          .gaps()
          .forEach(
              gap -> {
                batches.put(gap.bseqFirst(), gap.bseqLast());
                numbers.put(gap.rseqFirst(), gap.rseqLast());
                lost += gap.readings();
                reasons.add(gap.reason());
                gapTimes.add(gap.firstMs());
                gapTimes.add(gap.lastMs());
              });
    }

    void checkWhole(Lane lane, long lastBatch) {
      long expected = 1;
      for (java.util.Map.Entry<Long, Long> run : batches.entrySet()) {
        assertThat(run.getKey()).as("%s batches", lane).isEqualTo(expected);
        expected = run.getValue() + 1;
      }
      assertThat(expected).isEqualTo(lastBatch + 1);
      expected = 1;
      for (java.util.Map.Entry<Long, Long> run : numbers.entrySet()) {
        assertThat(run.getKey()).as("%s numbers", lane).isEqualTo(expected);
        expected = run.getValue() + 1;
      }
    }
  }

  /** Everything beside the database follows a lowered limit too. */
  @Test
  void aLoweredLimitHoldsForTheWholeFolder() throws StoreException {
    reopen(3 * StoreSettings.BYTES_LEAST, ShedPolicy.DEFAULT, List.of("city"));
    Random random = new Random(3);
    for (int i = 0; i < 400; i++) {
      Samples.noise(random, nanos / 1_000_000, 3000)
          .samples()
          .forEach(sample -> worker.offer(Lane.TELEMETRY, sample, null));
      run(5);
    }
    assertThat(bytesOnDisk()).isGreaterThan(2 * StoreSettings.BYTES_LEAST);
    reopen(StoreSettings.BYTES_LEAST, ShedPolicy.DEFAULT, List.of("city"));
    for (int i = 0; i < 100; i++) {
      worker.offer(Samples.event("lamp.failed"));
      run(5);
    }
    assertThat(bytesOnDisk()).isLessThanOrEqualTo(StoreSettings.BYTES_LEAST);
  }

  /** SQLite lets no file above its limit grow: what the next transaction needs must be free. */
  @Test
  void whileTheFileShrinksTheNextTransactionFindsRoom() throws Exception {
    reopen(3 * StoreSettings.BYTES_LEAST, ShedPolicy.DEFAULT, List.of("city"));
    Random random = new Random(5);
    for (int i = 0; i < 400; i++) {
      offerNoise(random, Lane.TELEMETRY, 3000);
      run(5);
    }
    reopen(StoreSettings.BYTES_LEAST, ShedPolicy.DEFAULT, List.of("city"));
    Limits limits = Limits.of(StoreSettings.BYTES_LEAST);
    long before = bytesOnDisk();
    for (int i = 0; i < 40; i++) {
      step();
      assertThat(room(limits)).as("step %d", i).isGreaterThanOrEqualTo(limits.burstPages());
    }
    assertThat(bytesOnDisk()).isLessThan(before / 2);
    assertThat(counters.get("store.failures")).isZero();
  }

  /** Pages that SQLite still gives. */
  private long room(Limits limits) throws Exception {
    Database database = Database.open(folder.resolve("verge.db"), Database.SQLITE);
    try (database) {
      Space space = new Space(database, folder.resolve("verge.db"));
      return Math.max(space.filePages(), limits.hardPages()) - space.usedPages();
    }
  }

  @ParameterizedTest
  @CsvSource({"4", "5", "8", "16", "512"})
  void theReserveHoldsTheWholeJournalFileAndTheSharesTheLimit(long mib) {
    long most = mib << 20;
    Limits limits = Limits.of(most);
    assertThat(limits.burstPages()).isGreaterThanOrEqualTo(JournalFile.PAGES * 3 / 2);
    assertThat(limits.softPages()).isGreaterThan(limits.burstPages());
    assertThat(limits.hardPages() * Database.PAGE + limits.ballastBytes() + JournalFile.BYTES)
        .isLessThan(most);
  }

  private void offerNoise(Random random, Lane lane, int count) {
    Samples.noise(random, nanos / 1_000_000, count)
        .samples()
        .forEach(sample -> worker.offer(lane, sample, null));
  }

  @Test
  void adjacentGapsAreOne() throws StoreException {
    flood(6);
    worker.link("city", true);
    run(10);
    List<io.verge.model.Gap> gaps = new ArrayList<>();
    long after = 0;
    Optional<StoredBatch> batch;
    while ((batch = next(Lane.EVENT, after)).isPresent()) {
      gaps.addAll(BatchCodec.decode(batch.get().message(), catalog).orThrow().gaps());
      after = batch.get().bseq();
    }
    assertThat(gaps).hasSize(1);
    assertThat(gaps.get(0).bseqFirst()).isEqualTo(1);
  }

  @Test
  void aSpareUplinkDoesNotHoldTheDiskForTheOthers() throws StoreException {
    reopen(
        StoreSettings.BYTES_LEAST,
        new ShedPolicy(
            ShedPolicy.Mode.OLDEST,
            ShedPolicy.Mode.OLDEST,
            3_600_000,
            0.1,
            0,
            java.util.Set.of("spare")),
        List.of("city", "spare"));
    worker.link("city", true);
    offer(Lane.METER, 1);
    run(1000);
    offer(Lane.TELEMETRY, 10);
    run(1000);
    assertThat(next(Lane.METER, 0)).isPresent();
    worker.ack("city", Lane.METER, worker.epoch(), 1);
    worker.link("city", false);
    run(1);
    flood(6);
    assertThat(next(Lane.METER, 0)).as("acked by city: goes before city's telemetry").isEmpty();
    assertThat(counters.get("readings.shed.meter")).isEqualTo(2);
  }

  @Test
  void telemetryIsShedBeforeMetersAndEventsStay() {
    offer(Lane.METER, 5);
    for (int i = 0; i < 100; i++) {
      worker.offer(Samples.event("lamp.failed"));
    }
    run(10);
    flood(8);
    assertThat(counters.get("readings.shed.telemetry")).isPositive();
    assertThat(counters.get("readings.shed.meter")).isZero();
    assertThat(counters.get("readings.shed.event")).isZero();
    assertThat(worker.view().bytes()).isEqualTo(bytesOnDisk());
  }
}
