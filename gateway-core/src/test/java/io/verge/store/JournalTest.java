package io.verge.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.verge.model.Lane;
import io.verge.model.Sample;
import io.verge.wire.Batch;
import io.verge.wire.BatchCodec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The journal file beside its database: cut off, damaged, failing, wrapped, migrated to. */
class JournalTest {
  @TempDir(factory = RamDir.class)
  private Path folder = Path.of("unset");

  private static Store open(Path file) throws StoreException {
    Store store = Store.open(file, new Random(1));
    store.useCatalog(Samples.CATALOG);
    return store;
  }

  private static void commit(Store store, long value) throws StoreException {
    store.append(
        Map.of(Lane.TELEMETRY, Samples.row(value, value)), Map.of("m", new long[] {value}));
  }

  /** The files as they are now, as after a kill: closing would tidy them. */
  private Path cut(Path file, String name) throws IOException {
    Path to = Files.createDirectories(folder.resolve(name)).resolve("verge.db");
    for (String part : List.of("", "-wal", JournalFile.SUFFIX)) {
      Path from = file.resolveSibling(file.getFileName() + part);
      if (Files.exists(from)) {
        Files.copy(from, to.resolveSibling("verge.db" + part));
      }
    }
    return to;
  }

  /** All values in the order of their numbers, which have no hole. */
  private static List<Long> drain(Store store) throws StoreException {
    while (store.seal(Lane.TELEMETRY, 100, Samples.UNTRUSTED).isPresent()) {}
    List<Long> values = new ArrayList<>();
    long expected = 1;
    long after = 0;
    Optional<StoredBatch> batch;
    while ((batch = store.next(Lane.TELEMETRY, after)).isPresent()) {
      assertThat(batch.get().rseqFirst()).isEqualTo(expected);
      Batch decoded =
          BatchCodec.decode(
                  batch.get().message(), Samples.CATALOG.withRev(batch.get().catalogRev()))
              .orThrow();
      for (Sample sample : decoded.samples()) {
        values.add(sample.values()[0]);
      }
      expected += batch.get().samples();
      after = batch.get().bseq();
    }
    return values;
  }

  private static List<Long> range(long from, long to) {
    return LongStream.rangeClosed(from, to).boxed().toList();
  }

  @Test
  void everyCommitSurvivesACutThroughSealsAndManyRounds() throws Exception {
    Path file = folder.resolve("verge.db");
    try (Store store = open(file)) {
      for (int value = 1; value <= 400; value++) {
        commit(store, value);
        if (value % 97 == 0) {
          store.seal(Lane.TELEMETRY, 100, Samples.UNTRUSTED);
        }
        if (value % 7 == 0 || value > 380) {
          try (Store after = open(cut(file, "cut-" + value))) {
            assertThat(after.wasClean()).isFalse();
            assertThat(after.journalReport()).isNull();
            assertThat(after.kept("m").orElseThrow()).containsExactly(value);
            assertThat(drain(after)).isEqualTo(range(1, value));
          }
        }
      }
    }
    try (Store again = open(file)) {
      assertThat(again.wasClean()).isTrue();
      assertThat(drain(again)).isEqualTo(range(1, 400));
    }
  }

  /** One record a page: damage of a page costs its commit; what can be read is kept, and told. */
  @Test
  void aDamagedPageCostsItsCommitAndIsPutAsideAndTold() throws Exception {
    Path file = folder.resolve("verge.db");
    int commits = 20;
    try (Store store = open(file)) {
      for (int value = 1; value <= commits; value++) {
        commit(store, value);
      }
      Random random = new Random(4);
      for (int page = 0; page <= commits; page++) {
        for (int kind = 0; kind < 2; kind++) {
          Path cut = cut(file, "page-" + page + "-" + kind);
          byte[] bytes = Files.readAllBytes(JournalFile.of(cut));
          if (kind == 0) {
            bytes[page * JournalPages.PAGE + random.nextInt(JournalPages.PAGE)] ^=
                (byte) (1 << random.nextInt(8));
          } else {
            java.util.Arrays.fill(
                bytes, page * JournalPages.PAGE, (page + 1) * JournalPages.PAGE, (byte) 0);
          }
          Files.write(JournalFile.of(cut), bytes);
          checkDamaged(cut, bytes, page + 1, commits);
        }
      }
    }
  }

  private static void checkDamaged(Path cut, byte[] bytes, long lost, int commits)
      throws Exception {
    List<Long> expected = new ArrayList<>(range(1, commits));
    expected.remove(lost);
    try (Store after = open(cut)) {
      JournalKeeper.Report report = java.util.Objects.requireNonNull(after.journalReport());
      assertThat(report.finding().pages()).isEqualTo(1);
      assertThat(report.finding().records()).isEqualTo(lost < commits ? 1 : 0);
      assertThat(report.finding().samples()).isEqualTo(lost < commits ? 1 : 0);
      assertThat(report.finding().newest()).as("page of %d", lost).isEqualTo(lost >= commits);
      assertThat(Files.readAllBytes(Path.of(report.aside() + ""))).isEqualTo(bytes);
      commit(after, 99);
      expected.add(99L);
      assertThat(drain(after)).isEqualTo(expected);
    }
  }

  @Test
  void aTruncatedFileGivesAPrefixAndIsTold() throws Exception {
    Path file = folder.resolve("verge.db");
    try (Store store = open(file)) {
      for (int value = 1; value <= 10; value++) {
        commit(store, value);
      }
      for (int length = 0; length < 12 * JournalPages.PAGE; length += 1111) {
        Path cut = cut(file, "length-" + length);
        byte[] bytes = Files.readAllBytes(JournalFile.of(cut));
        Files.write(JournalFile.of(cut), java.util.Arrays.copyOf(bytes, length));
        try (Store after = open(cut)) {
          assertThat(after.journalReport()).isNotNull();
          assertThat(drain(after)).isEqualTo(range(1, Math.min(10, length / JournalPages.PAGE)));
        }
      }
    }
  }

  /** The n-th write or force fails, by turns: commits go on, a cut at any moment loses none. */
  @Test
  void theNthWriteFails() throws Exception {
    boolean reached = true;
    for (int n = 1; reached; n++) {
      FaultyChannels channels = new FaultyChannels(n);
      Path file = Files.createDirectory(folder.resolve("n" + n)).resolve("verge.db");
      try (Store store = Store.open(file, new Random(1), Database.SQLITE, channels)) {
        store.useCatalog(Samples.CATALOG);
        for (int value = 1; value <= 12; value++) {
          commit(store, value);
          try (Store after = open(cut(file, "n" + n + "-" + value))) {
            assertThat(drain(after)).as("call %d", n).isEqualTo(range(1, value));
          }
        }
        reached = channels.hasFailed();
        assertThat(store.takeJournalTrouble() != null).as("told, call %d", n).isEqualTo(reached);
        channels.heal();
        assertThat(store.restoreJournal(1)).isEqualTo(reached);
        commit(store, 13);
        assertThat(drain(store)).as("call %d", n).isEqualTo(range(1, 13));
      }
    }
  }

  /** File and database fail together: the commit is refused, and nothing of it comes twice. */
  @Test
  void whatNeitherFileNorDatabaseTookIsCommittedOnceByARetry() throws Exception {
    for (int n = 3; n < 12; n++) {
      FaultyChannels channels = new FaultyChannels(n);
      Faults faults = new Faults(Faults.IOERR, Long.MAX_VALUE / 2, 0);
      Path file = Files.createDirectory(folder.resolve("both" + n)).resolve("verge.db");
      Store store = Store.open(file, new Random(1), faults, channels);
      store.useCatalog(Samples.CATALOG);
      int value = 1;
      while (!channels.hasFailed() && value < 20) {
        faults.failFromNow();
        try {
          commit(store, value);
          value++;
        } catch (StoreException e) {
          assertThat(channels.hasFailed()).isTrue();
        }
        faults.heal();
      }
      commit(store, value);
      try (Store after = open(cut(file, "both-cut" + n))) {
        assertThat(drain(after)).as("call %d", n).isEqualTo(range(1, value));
      }
      store.close();
    }
  }

  @Test
  void aCommitLargerThanTheFileGoesIntoTheDatabaseInOrder() throws Exception {
    try (Store store = open(folder.resolve("verge.db"))) {
      commit(store, 1);
      JournalRow large = Samples.noise(new Random(3), 2000, 60_000);
      store.append(Map.of(Lane.TELEMETRY, large), Map.of());
      commit(store, 2);
      List<Long> values = drain(store);
      assertThat(values).hasSize(60_002).startsWith(1L).endsWith(2L);
    }
  }

  @Test
  void aSecondGatewayIsRefused() throws Exception {
    Path file = folder.resolve("verge.db");
    try (Store store = open(file)) {
      assertThatThrownBy(() -> StoreFiles.open(file, new Random(2)))
          .isInstanceOfSatisfying(StoreException.class, e -> assertThat(e.isLocked()).isTrue());
      commit(store, 1);
    }
  }

  /** A store of schema version 2, cut off while it ran: written by the release before. */
  @Test
  void aStoreOfVersionTwoIsMigrated() throws Exception {
    Path file = folder.resolve("verge.db");
    unpack("version-2.db.gz", file);
    unpack("version-2.db-wal.gz", folder.resolve("verge.db-wal"));
    try (Store store = open(file)) {
      assertThat(store.epoch()).isEqualTo(6741161562408242796L);
      assertThat(store.journalReport()).isNull();
      assertThat(store.wasClean()).isFalse();
      assertThat(store.kept("meter-1").orElseThrow()).containsExactly(17, 8);
      assertThat(store.hasGaps()).isTrue();
      assertThat(store.marks("city").next()).containsExactly(1, 2, 3);
      assertThat(store.waiting(Lane.TELEMETRY)).isEqualTo(new Store.Waiting(3, 120, 759));
      assertThat(store.waiting(Lane.METER)).isEqualTo(new Store.Waiting(7, 14, 175));
      assertThat(store.waiting(Lane.EVENT).rows()).isEqualTo(1);
      commit(store, 777);
      StoredBatch sealed = store.seal(Lane.TELEMETRY, 100, Samples.UNTRUSTED).orElseThrow();
      assertThat(sealed.bseq()).isEqualTo(3);
      assertThat(sealed.rseqFirst()).isEqualTo(121);
      assertThat(sealed.samples()).isEqualTo(61);
      List<Sample> samples =
          BatchCodec.decode(sealed.message(), Samples.CATALOG.withRev(1)).orThrow().samples();
      assertThat(samples.get(0).values()[0]).isEqualTo(120);
      assertThat(samples.get(60).values()[0]).isEqualTo(777);
    }
  }

  private static void unpack(String name, Path to) throws IOException {
    try (InputStream packed =
            java.util.Objects.requireNonNull(JournalTest.class.getResourceAsStream(name));
        InputStream in = new GZIPInputStream(packed)) {
      Files.copy(in, to);
    }
  }
}
