package io.verge.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.health.Counters;
import io.verge.model.Catalog;
import io.verge.model.Event;
import io.verge.model.Lane;
import io.verge.model.Sample;
import io.verge.model.Stamp;
import io.verge.time.NoClock;
import io.verge.time.Stamper;
import io.verge.time.Ticker;
import io.verge.wire.Batch;
import io.verge.wire.BatchCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever happens to the file or to a call, the store goes on, and says what happened. */
class DamageTest {
  private static final long SECOND = 1_000_000_000L;
  private static final int COMMITS = 60;

  @TempDir(factory = RamDir.class)
  private Path folder = Path.of("unset");

  private Path file = Path.of("unset");
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

  @BeforeEach
  void name() {
    file = folder.resolve("verge.db");
  }

  private StoreWorker worker(StoreFiles.Opened opened) throws StoreException {
    Catalog catalog = opened.store().useCatalog(Samples.CATALOG);
    return new StoreWorker(
        opened.store(),
        new StoreSettings(1000, 16L << 20, SealPolicy.DEFAULT, List.of("city")),
        catalog,
        new Stamper(7, ticker, new NoClock()),
        ticker,
        new Counters(),
        opened.quarantined());
  }

  private void run(StoreWorker worker, int steps) {
    for (int i = 0; i < steps; i++) {
      worker.step(nanos);
      nanos += SECOND / 4;
    }
  }

  /** Steps as often as the worker wants to, for so long. */
  private void run(StoreWorker worker, long nanosLong) {
    long end = nanos + nanosLong;
    long next = worker.step(nanos);
    while (next <= end) {
      nanos = Math.max(nanos, next);
      next = worker.step(nanos);
    }
    nanos = end;
  }

  /** A store with sealed batches and journal rows; the values count up. */
  private long fill() throws StoreException {
    Store store = Store.open(file, new Random(1));
    store.useCatalog(Samples.CATALOG);
    for (int i = 0; i < COMMITS; i++) {
      List<Sample> samples = new ArrayList<>();
      for (int s = 0; s < 200; s++) {
        samples.add(Samples.sample(i * 1000L + s, i * 200L + s));
      }
      store.append(
          Map.of(Lane.TELEMETRY, new JournalRow(samples, List.of())),
          Map.of("meter-1", new long[] {17, i}));
      if (i % 3 == 0 && i < COMMITS - 6) {
        store.seal(Lane.TELEMETRY, 100, Samples.UNTRUSTED);
      }
    }
    long epoch = store.epoch();
    store.close();
    return epoch;
  }

  /** Everything the store can deliver. */
  private record Delivered(Set<Long> values, List<Event> events, long readings) {}

  /** Where reading finds damage, a new store takes over: that one is drained, too. */
  private Delivered drain(StoreWorker worker) {
    Set<Long> values = new HashSet<>();
    List<Event> events = new ArrayList<>();
    long[] readings = {0};
    long epoch;
    do {
      epoch = worker.epoch();
      drain(worker, values, events, readings);
    } while (epoch != worker.epoch());
    return new Delivered(values, events, readings[0]);
  }

  private void drain(StoreWorker worker, Set<Long> values, List<Event> events, long[] readings) {
    worker.link("city", true);
    run(worker, 750 * SECOND);
    Map<Long, Catalog> catalogs = new HashMap<>();
    for (Lane lane : Lane.values()) {
      long after = 0;
      while (true) {
        List<Optional<StoredBatch>> found = new ArrayList<>();
        worker.next("city", lane, after, found::add);
        run(worker, 1);
        if (found.isEmpty() || found.get(0).isEmpty()) {
          break;
        }
        StoredBatch stored = found.get(0).get();
        Batch batch =
            BatchCodec.decode(
                    stored.message(),
                    catalogs.computeIfAbsent(stored.catalogRev(), Samples.CATALOG::withRev))
                .orThrow();
        batch.samples().forEach(sample -> values.add(sample.values()[0]));
        events.addAll(batch.events());
        readings[0] += stored.readings();
        after = stored.bseq();
      }
    }
  }

  private static Set<String> kinds(Delivered delivered) {
    Set<String> kinds = new HashSet<>();
    delivered.events().forEach(event -> kinds.add(event.kind()));
    return kinds;
  }

  @Test
  void aForeignFileIsPutAsideAsItWasAndAStoreRuns() throws Exception {
    byte[] foreign = "this is not a store, it only looks like one ........".getBytes("UTF-8");
    Files.write(file, foreign);
    StoreFiles.Opened opened = StoreFiles.open(file, new Random(2));
    assertThat(Files.readAllBytes(Path.of(opened.quarantined() + ""))).isEqualTo(foreign);
    StoreWorker worker = worker(opened);
    worker.offer(Lane.TELEMETRY, Samples.sample(0, 5), null);
    Delivered delivered = drain(worker);
    assertThat(delivered.values()).containsExactly(5L);
    assertThat(kinds(delivered)).contains("store.quarantined", "store.salvaged", "store.started");
    worker.close();
  }

  /** Each page in turn is zeroed: what SQLite can still read arrives, under a new epoch. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 8, 11, 14, 20, 30, 40})
  void aZeroedPageCostsWhatWasOnItOnly(int page) throws Exception {
    fill();
    byte[] bytes = Files.readAllBytes(file);
    int at = (page - 1) * Database.PAGE;
    org.junit.jupiter.api.Assumptions.assumeTrue(at < bytes.length, "the file is smaller");
    java.util.Arrays.fill(bytes, at, at + Database.PAGE, (byte) 0);
    Files.write(file, bytes);
    check("zeroed page " + page, page == 1);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void bitFlipsAreSurvived(long seed) throws Exception {
    fill();
    byte[] bytes = Files.readAllBytes(file);
    Random random = new Random(seed);
    for (int i = 0; i < 20; i++) {
      int at = 100 + random.nextInt(bytes.length - 100);
      bytes[at] ^= (byte) (1 << random.nextInt(8));
    }
    Files.write(file, bytes);
    check("bit flips of seed " + seed, true);
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 50, 90})
  void aTruncatedFileIsSurvived(int percent) throws Exception {
    fill();
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length * percent / 100));
    check("cut to " + percent + " %", percent < 50);
  }

  private void check(String what, boolean mayBeLost) throws Exception {
    StoreFiles.Opened opened = StoreFiles.open(file, new Random(2));
    StoreWorker worker = worker(opened);
    worker.offer(Lane.TELEMETRY, Samples.sample(0, -1), null);
    Delivered delivered = drain(worker);
    assertThat(delivered.values()).as("%s: still running, %s", what, worker.view()).contains(-1L);
    assertThat(worker.view().trouble()).as(what).isEmpty();
    if (!mayBeLost) {
      assertThat(delivered.values().size()).as("%s: most arrives", what).isGreaterThan(1000);
    }
    boolean whole = delivered.values().size() == COMMITS * 200 + 1;
    boolean reported =
        kinds(delivered).contains("store.quarantined") || kinds(delivered).contains("store.failed");
    System.Logger log = System.getLogger("DamageTest");
    log.log(
        System.Logger.Level.INFO,
        what + ": " + delivered.values().size() + " of " + COMMITS * 200 + ", " + reported);
    worker.close();
    try (java.util.stream.Stream<Path> files = Files.list(folder)) {
      boolean aside = files.anyMatch(path -> path.toString().contains(".damaged-"));
      boolean isReported =
          kinds(delivered).contains("store.quarantined")
              || kinds(delivered).contains("store.journal_damaged");
      assertThat(isReported).as("%s: %s", what, kinds(delivered)).isEqualTo(aside);
    }
    assertThat(whole || reported || mayBeLost).as("%s: silent loss", what).isTrue();
  }

  @Test
  void aDirectoryThatCannotBeWrittenGivesAStoreInMemoryThatSaysSo() throws Exception {
    Path blocked = folder.resolve("no-such-folder").resolve("verge.db");
    StoreFiles.Opened opened = StoreFiles.open(blocked, new Random(2));
    assertThat(opened.store().isDurable()).isFalse();
    StoreWorker worker = worker(opened);
    worker.offer(Lane.TELEMETRY, Samples.sample(0, 5), null);
    Delivered delivered = drain(worker);
    assertThat(delivered.values()).containsExactly(5L);
    assertThat(kinds(delivered)).contains("store.volatile");
    worker.close();
  }

  @Test
  void aMissingWriteAheadLogTakesNothingThatTheJournalFileHas() throws Exception {
    Store store = Store.open(file, new Random(1));
    store.useCatalog(Samples.CATALOG);
    store.append(Map.of(Lane.TELEMETRY, Samples.row(0, 5)), Map.of());
    store.close();
    store = Store.open(file, new Random(1));
    store.useCatalog(Samples.CATALOG);
    store.append(Map.of(Lane.TELEMETRY, Samples.row(60, 6)), Map.of());
    byte[] main = Files.readAllBytes(file);
    store.abandon();
    Files.write(file, main);
    StoreWorker worker = worker(StoreFiles.open(file, new Random(2)));
    assertThat(drain(worker).values()).containsExactlyInAnyOrder(5L, 6L);
    worker.close();
  }

  @Test
  void aMissingJournalFileLosesOnlyWhatWasInItAndIsReported() throws Exception {
    Store store = Store.open(file, new Random(1));
    store.useCatalog(Samples.CATALOG);
    store.append(Map.of(Lane.TELEMETRY, Samples.row(0, 5)), Map.of());
    store.close();
    store = Store.open(file, new Random(1));
    store.useCatalog(Samples.CATALOG);
    store.append(Map.of(Lane.TELEMETRY, Samples.row(60, 6)), Map.of());
    store.abandon();
    Files.delete(JournalFile.of(file));
    StoreWorker worker = worker(StoreFiles.open(file, new Random(2)));
    Delivered delivered = drain(worker);
    assertThat(delivered.values()).containsExactly(5L);
    assertThat(kinds(delivered)).contains("store.journal_damaged");
    worker.close();
  }

  /** The database is gone altogether: what was committed last is not. */
  @Test
  void theJournalFileOutlivesItsDatabase() throws Exception {
    for (boolean isForeign : new boolean[] {true, false}) {
      Path here = Files.createDirectory(folder.resolve("foreign-" + isForeign));
      Path database = here.resolve("verge.db");
      Store store = Store.open(database, new Random(1));
      store.useCatalog(Samples.CATALOG);
      store.append(
          Map.of(Lane.TELEMETRY, Samples.row(0, 5)), Map.of("meter-1", new long[] {17, 4}));
      store.seal(Lane.TELEMETRY, 100, Samples.UNTRUSTED);
      store.append(
          Map.of(Lane.TELEMETRY, Samples.row(60, 6)), Map.of("meter-1", new long[] {18, 4}));
      store.abandon();
      Files.deleteIfExists(here.resolve("verge.db-wal"));
      if (isForeign) {
        Files.write(database, "no database at all".getBytes("UTF-8"));
      } else {
        Files.delete(database);
      }
      StoreFiles.Opened opened = StoreFiles.open(database, new Random(2));
      if (isForeign) {
        assertThat(opened.store().kept("meter-1").orElseThrow()).containsExactly(18, 4);
      }
      StoreWorker worker = worker(opened);
      Delivered delivered = drain(worker);
      assertThat(delivered.values()).as("foreign %s", isForeign).containsExactly(6L);
      assertThat(kinds(delivered)).contains("store.salvaged");
      worker.close();
    }
  }

  @Test
  void aStartSaysHowTheLastRunEnded() throws Exception {
    StoreWorker first = worker(StoreFiles.open(file, new Random(1)));
    first.offer(Lane.TELEMETRY, Samples.sample(4000, 5), null);
    run(first, 20);
    Files.copy(file, folder.resolve("cut.db"));
    Files.copy(folder.resolve("verge.db-wal"), folder.resolve("cut.db-wal"));
    Files.copy(folder.resolve("verge.db-commits"), folder.resolve("cut.db-commits"));
    first.close();
    Store cut = Store.open(folder.resolve("cut.db"), new Random(1));
    assertThat(cut.wasClean()).isFalse();
    assertThat(cut.lastStop().stamp()).isEqualTo(new Stamp(7, 4000, Samples.UTC + 4000, 10));
    cut.close();
    StoreWorker second = worker(StoreFiles.open(file, new Random(1)));
    Event started =
        drain(second).events().stream()
            .filter(event -> event.kind().equals("store.started"))
            .reduce((a, b) -> b)
            .orElseThrow();
    assertThat(started.details()).containsEntry("clean", true).containsKey("last_mono_ms");
    second.close();
  }

  /** Version 1, written with its own statements, keeps its data, its numbers and its gaps. */
  @Test
  void aStoreOfVersionOneIsMigrated() throws Exception {
    long epoch = fill();
    byte[] first;
    try (Store store = Store.open(file, new Random(1))) {
      first = store.next(Lane.TELEMETRY, 0).orElseThrow().message();
    }
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement sql = connection.createStatement()) {
      sql.execute("DROP INDEX batch_size");
      for (String column : List.of("bytes", "t_first", "t_last", "thinned", "crc")) {
        sql.execute("ALTER TABLE batch DROP COLUMN " + column);
      }
      sql.execute("ALTER TABLE journal DROP COLUMN readings");
      for (String column :
          List.of(
              "handed",
              "commit_boot",
              "commit_mono_ms",
              "commit_utc_ms",
              "shed",
              "batch_bytes",
              "taken")) {
        sql.execute("ALTER TABLE lane DROP COLUMN " + column);
      }
      sql.execute("CREATE INDEX journal_lane ON journal(lane, id)");
      sql.execute("DROP TABLE gap");
      sql.execute(
          "CREATE TABLE gap(lane INTEGER NOT NULL, bseq_first INTEGER NOT NULL, bseq_last INTEGER"
              + " NOT NULL, rseq_first INTEGER NOT NULL, rseq_last INTEGER NOT NULL, reason TEXT NOT"
              + " NULL, t_first INTEGER NOT NULL, t_last INTEGER NOT NULL, readings INTEGER NOT"
              + " NULL)");
      sql.execute("INSERT INTO gap VALUES(1, 1, 2, 1, 9, 'limit', 0, 0, 18)");
      sql.execute("PRAGMA user_version=1");
    }
    try (Store store = Store.open(file, new Random(1))) {
      assertThat(store.epoch()).isEqualTo(epoch);
      assertThat(store.hasGaps()).isTrue();
      assertThat(store.next(Lane.TELEMETRY, 0).orElseThrow().message()).isEqualTo(first);
      assertThat(store.waiting(Lane.TELEMETRY).readings()).isPositive();
      assertThat(store.messageBytes(Lane.TELEMETRY)).isGreaterThan(first.length);
      Optional<Shedding.Given> given =
          store.shedding(ShedPolicy.DEFAULT, List.of("city")).shed(true);
      assertThat(given.orElseThrow().readings()).isPositive();
    }
  }

  @Test
  void aNewerVersionIsPutAsideNotTouched() throws Exception {
    fill();
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement sql = connection.createStatement()) {
      sql.execute("PRAGMA user_version=99");
    }
    StoreFiles.Opened opened = StoreFiles.open(file, new Random(2));
    assertThat(opened.quarantined()).isNotNull();
    opened.store().close();
  }

  /** Every call into SQLite fails once, by turns: nothing is lost, nothing doubled, and it ends. */
  @ParameterizedTest
  @ValueSource(ints = {Faults.IOERR, Faults.FULL, Faults.BUSY})
  void theNthCallFails(int code) throws Exception {
    long n = 1;
    int failed = 0;
    boolean reached = true;
    while (reached) {
      Path here = Files.createDirectory(folder.resolve("n" + n));
      Faults faults = new Faults(code, n, 2);
      Store store;
      try {
        store = Store.open(here.resolve("verge.db"), new Random(1), faults, JournalFile.DISK);
      } catch (StoreException e) {
        n++;
        continue;
      }
      reached = runOnce(store, faults, "code " + code + ", call " + n);
      failed++;
      n += 1 + n / 60;
    }
    assertThat(failed).isGreaterThan(60);
  }

  private boolean runOnce(Store store, Faults faults, String what)
      throws StoreException, IOException, SQLException {
    StoreWorker worker;
    try {
      worker = worker(new StoreFiles.Opened(store, null));
    } catch (StoreException e) {
      store.abandon();
      return true;
    }
    worker.link("city", true);
    for (int i = 0; i < 12; i++) {
      assertThat(worker.offer(Lane.TELEMETRY, Samples.sample(i, i), null)).isTrue();
      run(worker, 6);
      worker.offer(Samples.event("e" + i));
      run(worker, 2);
      worker.ack("city", Lane.EVENT, worker.epoch(), 1);
    }
    boolean reached = faults.isOver();
    faults.heal();
    Delivered delivered = drain(worker);
    assertThat(delivered.values()).as(what).hasSize(12);
    assertThat(delivered.readings()).as("%s: doubled", what).isEqualTo(24);
    assertThat(delivered.events().stream().filter(e -> e.kind().matches("e[0-9]+")).count())
        .as(what)
        .isEqualTo(12);
    assertThat(worker.view().trouble()).as(what).isEmpty();
    worker.close();
    return reached;
  }
}
