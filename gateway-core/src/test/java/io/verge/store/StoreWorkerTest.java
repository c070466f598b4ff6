package io.verge.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.health.Counters;
import io.verge.model.Catalog;
import io.verge.model.Event;
import io.verge.model.Lane;
import io.verge.model.Severity;
import io.verge.model.Stamp;
import io.verge.time.Stamper;
import io.verge.time.Ticker;
import io.verge.time.WallClock;
import io.verge.time.Worker;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The worker, stepped by hand; time stands still unless a test moves it. */
class StoreWorkerTest {
  private static final long SECOND = 1_000_000_000L;

  @TempDir(factory = RamDir.class)
  private Path folder = Path.of("unset");

  private final Counters counters = new Counters();
  private long nanos = 100 * SECOND;
  private final Ticker ticker =
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
  private Catalog catalog = Samples.CATALOG;
  private StoreWorker worker = unset();

  @SuppressWarnings("NullAway") // set before each test
  private static StoreWorker unset() {
    return null;
  }

  @BeforeEach
  void open() throws StoreException {
    open(StoreSettings.BYTES_LEAST, ShedPolicy.DEFAULT, List.of("city"));
    step();
  }

  private void open(long maxBytes, ShedPolicy shed, List<String> uplinks) throws StoreException {
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

  private void reopen(long maxBytes, ShedPolicy shed, List<String> uplinks) throws StoreException {
    worker.close();
    open(maxBytes, shed, uplinks);
  }

  @AfterEach
  void close() throws StoreException {
    worker.close();
  }

  /** A clock that is right from the start. */
  private record Clock(Ticker ticker) implements WallClock {
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

  private long step() {
    return worker.step(nanos);
  }

  /** Steps until nothing is due before {@code seconds} from now. */
  private void run(long seconds) {
    long end = nanos + seconds * SECOND;
    long next = step();
    while (next <= end) {
      nanos = Math.max(nanos, next);
      next = step();
    }
    nanos = end;
  }

  private Optional<StoredBatch> next(Lane lane, long after) {
    List<Optional<StoredBatch>> found = new ArrayList<>();
    worker.next("city", lane, after, found::add);
    step();
    return found.get(0);
  }

  private StoreView.LaneView lane(Lane lane) {
    return worker.view().lanes().get(lane.number());
  }

  private void offer(Lane lane, int count) {
    for (int i = 0; i < count; i++) {
      assertThat(worker.offer(lane, Samples.sample(nanos / 1_000_000 + i, 600 + i), null)).isTrue();
    }
  }

  @Test
  void eventsAreCommittedAtOnceAndReadingsWithinTheCommitInterval() {
    long commits = worker.view().commits();
    offer(Lane.TELEMETRY, 1);
    assertThat(step()).isEqualTo(nanos + 5 * SECOND);
    nanos += 4 * SECOND;
    step();
    assertThat(worker.view().commits()).isEqualTo(commits);
    nanos += SECOND;
    step();
    assertThat(worker.view().commits()).isEqualTo(commits + 1);
    assertThat(lane(Lane.TELEMETRY).journalReadings()).isEqualTo(2);
    assertThat(worker.offer(Samples.event("lamp.failed"))).isTrue();
    step();
    assertThat(worker.view().commits()).isEqualTo(commits + 2);
    offer(Lane.TELEMETRY, 1);
    worker.offer(Samples.event("lamp.failed"));
    step();
    assertThat(worker.view().commits()).as("readings go with an event").isEqualTo(commits + 3);
    assertThat(step()).isEqualTo(Worker.NEVER);
  }

  @ParameterizedTest
  @CsvSource({
    // lane, link, watched, seconds, batches
    "TELEMETRY, false, false, 86400, 0",
    "TELEMETRY, true, false, 295, 0",
    "TELEMETRY, true, false, 310, 1",
    "TELEMETRY, true, true, 70, 1",
    "METER, true, false, 310, 0",
    "METER, true, false, 910, 1",
    "METER, true, true, 70, 1",
  })
  void sealsWhen(Lane lane, boolean link, boolean watched, long seconds, long batches) {
    worker.link("city", link);
    worker.setWatched(watched);
    offer(lane, 3);
    run(seconds);
    assertThat(lane(lane).held().batches()).isEqualTo(batches);
  }

  @Test
  void eventsAreSealedAtOnceWhileALinkIsUpAndWakeTheUplink() {
    List<String> rung = new ArrayList<>();
    worker.onSealed(() -> rung.add("sealed"));
    worker.link("city", true);
    step();
    assertThat(rung).as("a clean start can wait").isEmpty();
    worker.offer(Samples.event("lamp.failed"));
    step();
    assertThat(rung).hasSize(1);
    assertThat(lane(Lane.EVENT).held().unacked()).isEqualTo(1);
  }

  @Test
  void eventsThatOnlyInformCostNoCommitAndNoBatchOfTheirOwn() {
    worker.link("city", true);
    step();
    long commits = worker.view().commits();
    Event calm = Samples.event("device.identity", Severity.INFO);
    assertThat(worker.offer(calm, "identity/a", new long[] {7})).isTrue();
    offer(Lane.TELEMETRY, 1);
    run(4);
    assertThat(worker.view().commits()).isEqualTo(commits);
    run(2);
    assertThat(worker.view().commits()).as("with the readings").isEqualTo(commits + 1);
    run(250);
    assertThat(lane(Lane.EVENT).held().batches()).isZero();
    run(60);
    assertThat(lane(Lane.EVENT).held().batches()).isEqualTo(1);
    assertThat(lane(Lane.TELEMETRY).held().batches()).isEqualTo(1);
  }

  @Test
  void fullBatchesAreSealedWithoutALink() {
    Random random = new Random(2);
    for (int i = 0; i < 40; i++) {
      Samples.noise(random, nanos / 1_000_000, 1000)
          .samples()
          .forEach(sample -> worker.offer(Lane.TELEMETRY, sample, null));
      run(6);
    }
    assertThat(lane(Lane.TELEMETRY).held().batches()).isGreaterThan(3);
    assertThat(counters.get("readings.journaled")).isEqualTo(80_000);
  }

  @Test
  void cursorsAreMonotoneAndUnknownForeignAndNeverSentNumbersAreIgnored() {
    worker.link("city", true);
    for (int i = 0; i < 3; i++) {
      offer(Lane.METER, 1);
      run(1000);
    }
    long epoch = worker.epoch();
    worker.ack("city", Lane.METER, epoch, 2);
    step();
    assertThat(lane(Lane.METER).acked()).containsEntry("city", 2L);
    assertThat(counters.get("readings.delivered.city")).isEqualTo(4);
    worker.ack("city", Lane.METER, epoch, 1);
    worker.ack("city", Lane.METER, epoch, 2);
    step();
    assertThat(lane(Lane.METER).acked()).containsEntry("city", 2L);
    assertThat(counters.get("readings.delivered.city")).as("counted once").isEqualTo(4);
    assertThat(counters.get("acks.ignored")).isZero();
    worker.ack("city", Lane.METER, epoch, 4);
    worker.ack("city", Lane.METER, epoch, -1);
    worker.ack("city", Lane.METER, epoch + 1, 3);
    step();
    assertThat(counters.get("acks.ignored")).isEqualTo(3);
    assertThat(lane(Lane.METER).acked()).containsEntry("city", 2L);
    assertThat(lane(Lane.METER).held().unacked()).isEqualTo(1);
  }

  @Test
  void cursorsSurviveAnOrderlyStopAndALostCursorCostsAResendOnly() throws StoreException {
    worker.link("city", true);
    offer(Lane.METER, 1);
    run(1000);
    byte[] sent = next(Lane.METER, 0).orElseThrow().message();
    worker.ack("city", Lane.METER, worker.epoch(), 1);
    step();
    reopen(StoreSettings.BYTES_LEAST, ShedPolicy.DEFAULT, List.of("city"));
    step();
    assertThat(lane(Lane.METER).acked()).containsEntry("city", 1L);
    assertThat(next(Lane.METER, 0).orElseThrow().message()).isEqualTo(sent);
  }

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

  @Test
  void aStoppedDiskLosesNothingThatWasTakenAndWhatFoundNoRoomIsReported() {
    for (int i = 0; i < Inbox.SAMPLES_MAX; i++) {
      assertThat(worker.offer(Lane.TELEMETRY, Samples.sample(i, i), null)).isTrue();
    }
    assertThat(worker.offer(Lane.TELEMETRY, Samples.sample(0, 0), null)).isFalse();
    run(10);
    worker.link("city", true);
    run(1);
    List<String> kinds = new ArrayList<>();
    long after = 0;
    Optional<StoredBatch> batch;
    while ((batch = next(Lane.EVENT, after)).isPresent()) {
      BatchCodec.decode(batch.get().message(), catalog)
          .orThrow()
          .events()
          .forEach(event -> kinds.add(event.kind()));
      after = batch.get().bseq();
    }
    assertThat(kinds).contains("store.started", "store.refused");
  }

  /** Every value of the past exactly once, though it is sealed, acked and read meanwhile. */
  @Test
  void historyComesFromAckedAndUnackedBatchesAndTheJournalWhileWritingGoesOn() {
    worker.link("city", true);
    for (int i = 0; i < 40; i++) {
      offer(Lane.TELEMETRY, 1);
      run(60);
      worker.ack("city", Lane.TELEMETRY, worker.epoch(), i / 10);
    }
    assertThat(lane(Lane.TELEMETRY).journalReadings()).isPositive();
    assertThat(lane(Lane.TELEMETRY).held().batches()).isGreaterThan(4);
    long nowMs = nanos / 1_000_000;
    Stamp now = new Stamp(7, nowMs, Samples.UTC + nowMs, 10);
    HistoryQuery half =
        new HistoryQuery(Lane.TELEMETRY, "lamp-1", "power", now, 20 * 60_000L + 1_000, 0);
    assertThat(past(half, true)).hasSize(20);
    HistoryQuery all = new HistoryQuery(Lane.TELEMETRY, "lamp-1", "power", now, 86_400_000, 0);
    List<Long> ages = past(all, true).stream().map(r -> all.ageMs(r.stamp())).toList();
    assertThat(ages).hasSize(40).doesNotHaveDuplicates();
    assertThat(past(new HistoryQuery(Lane.TELEMETRY, "lamp-9", "power", now, 86_400_000, 0), false))
        .isEmpty();
  }

  private List<HistorySlice.Reading> past(HistoryQuery query, boolean writing) {
    List<HistorySlice.Reading> found = new ArrayList<>();
    HistorySlice.Mark mark = HistorySlice.Mark.START;
    while (mark != null) {
      List<HistorySlice> slices = new ArrayList<>();
      worker.history(query, mark, slices::add);
      if (writing) {
        worker.offer(Samples.event("lamp.failed"));
        worker.offer(Lane.TELEMETRY, Samples.sample(query.now().monoMs() + 60_000_000, 1), null);
      }
      long commits = counters.get("readings.journaled");
      run(301);
      assertThat(slices).as("one slice, and writing goes on").hasSize(1);
      assertThat(counters.get("readings.journaled") - commits).isEqualTo(writing ? 2 : 0);
      slices.get(0).readings().stream().filter(r -> r.value() != 1).forEach(found::add);
      mark = slices.get(0).next();
    }
    return found;
  }
}
