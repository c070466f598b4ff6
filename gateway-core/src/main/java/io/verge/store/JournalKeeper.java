package io.verge.store;

import io.verge.model.Catalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes, opens and puts aside the journal file beside a database. Whatever happens to it, the store
 * goes on: without the file if need be. Store thread only.
 */
final class JournalKeeper {
  private static final Logger LOG = LoggerFactory.getLogger(JournalKeeper.class);

  /**
   * What a start found.
   *
   * @param aside where the file was put; null if there was none, or it could not be moved.
   * @param asideNumber of it ({@code .damaged-N}); 0: none.
   * @param isForeign whether commits of another store are in it.
   */
  record Report(
      JournalRecovery.Finding finding,
      @Nullable String aside,
      long asideNumber,
      boolean isForeign) {}

  private static final JournalRecovery.Result NOTHING =
      new JournalRecovery.Result(List.of(), 0, 0, false, null);

  private final @Nullable Path database;
  private final long epoch;
  private final JournalFile.Channels channels;
  private final boolean isExpected;
  private @Nullable JournalFile found;
  private boolean foreign;
  private @Nullable Report report;
  private boolean failedIsThere;
  private @Nullable String trouble;
  private @Nullable Catalog printed;
  private long print;

  /**
   * @param database null: it lives in memory, and has no journal file.
   * @param isExpected whether a file must be there: without it something is lost.
   */
  JournalKeeper(
      @Nullable Path database, long epoch, JournalFile.Channels channels, boolean isExpected) {
    this.database = database;
    this.epoch = epoch;
    this.channels = channels;
    this.isExpected = isExpected;
  }

  boolean isWanted() {
    return database != null;
  }

  private Path path() {
    return JournalFile.of(java.util.Objects.requireNonNull(database));
  }

  /** Reads the file, whatever state it is in. */
  JournalRecovery.Result look(List<JournalTable.Mark> marks) throws StoreException {
    if (!isWanted()) {
      return NOTHING;
    }
    if (!Files.exists(path())) {
      return isExpected ? lost("the journal file is missing") : NOTHING;
    }
    try {
      JournalFile file = JournalFile.open(path(), epoch, channels);
      found = file;
      JournalPages.Scan scan = JournalPages.scan(file.bytes());
      foreign =
          scan.records().entrySet().stream()
              .anyMatch(entry -> entry.getKey() != epoch && !entry.getValue().isEmpty());
      return JournalRecovery.of(scan, epoch, marks);
    } catch (IOException e) {
      return lost("the journal file can't be read: " + e.getMessage());
    }
  }

  private static JournalRecovery.Result lost(String why) {
    return new JournalRecovery.Result(
        List.of(), 0, 0, false, new JournalRecovery.Finding(why, 0, 0, 0, true));
  }

  /**
   * Goes on with the file, or a new one. What {@link #look} found is safe by now.
   *
   * @return null where no file can be had: the database takes every commit then.
   */
  @Nullable JournalFile start(JournalRecovery.Result result) throws StoreException {
    if (!isWanted()) {
      return null;
    }
    JournalFile file = found;
    JournalRecovery.Finding finding = result.finding();
    if (file != null && finding == null) {
      file.goOnAt(result.next());
      return file;
    }
    if (finding != null) {
      LOG.error("{}: {}", path(), finding.why());
      close(file);
      int number = putAside();
      report =
          new Report(
              finding,
              number == 0 ? null : aside(number).toString(),
              number,
              foreign && number > 0);
    }
    return create();
  }

  private Path aside(int number) {
    Path base = StoreFiles.aside(java.util.Objects.requireNonNull(database), number);
    return JournalFile.of(base);
  }

  private @Nullable JournalFile create() throws StoreException {
    try {
      return JournalFile.create(path(), epoch, channels);
    } catch (IOException e) {
      trouble = "no journal file: " + e.getMessage();
      LOG.error("{}", trouble);
      return null;
    }
  }

  /** Moves the file away; which number it got, 0 if there is none or it can't be moved. */
  private int putAside() {
    if (!Files.exists(path())) {
      return 0;
    }
    try {
      int number = StoreFiles.freeNumber(java.util.Objects.requireNonNull(database));
      Files.move(path(), aside(number));
      JournalFile.forceFolder(path(), channels);
      return number;
    } catch (IOException e) {
      LOG.error("{} can't be put aside: {}", path(), e.getMessage());
      return 0;
    }
  }

  /** A write failed: nothing more is written there. */
  void failed(JournalFile file, IOException why) {
    trouble = "the journal file failed: " + why.getMessage();
    LOG.error("{}: {}", path(), why.getMessage());
    failedIsThere = true;
    close(file);
  }

  private static void close(@Nullable JournalFile file) {
    if (file == null) {
      return;
    }
    try {
      file.close();
    } catch (IOException e) {
      LOG.warn("closing the journal file: {}", e.getMessage());
    }
  }

  /** Everything in a failed file is in the database by now. */
  void putFailedAside() {
    if (failedIsThere) {
      failedIsThere = false;
      putAside();
    }
  }

  /** Tries to have a file again. Nothing in an old one is needed. */
  @Nullable JournalFile again() throws StoreException {
    putAside();
    String before = trouble;
    JournalFile file = create();
    trouble = file == null ? before : null;
    return file;
  }

  /** What was wrong at the start; null: nothing. */
  @Nullable Report report() {
    return report;
  }

  /** Why there is no file, told once. */
  @Nullable String takeTrouble() {
    String now = trouble;
    trouble = null;
    return now;
  }

  /** Tells catalogs apart where their revisions mean nothing: the first 8 bytes of the SHA-256. */
  long print(Catalog catalog) {
    if (catalog != printed) {
      print = CommitRecord.print(catalog);
      printed = catalog;
    }
    return print;
  }
}
