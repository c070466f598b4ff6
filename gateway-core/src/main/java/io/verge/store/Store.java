package io.verge.store;

import io.verge.model.Catalog;
import io.verge.model.Lane;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The buffer on disk: sealed batches, cursors, catalogs, in one SQLite file in WAL mode with {@code
 * synchronous=FULL}; before it a journal file that takes the commits. One connection, one thread.
 * Whatever a method wrote is durable when it returns (cursors excepted: see {@link #ack}); when it
 * throws {@link StoreException}, nothing of it was written.
 */
public final class Store implements AutoCloseable {
  /** Largest batch message; a power of two above it never fits a CoAP server's usual limits. */
  public static final int BATCH_BYTES_MAX = 32 * 1024;

  private final @Nullable Path file;
  private final RandomGenerator random;
  private final Database database;
  private final long epoch;
  private final LastCommit lastStop;
  private final Batches batches;
  private final Catalogs catalogs;
  private final Cursors cursors;
  private final Gaps gaps;
  private final Journal journal;
  private final JournalKeeper keeper;
  private Catalog catalog = new Catalog(0, List.of(), List.of());

  Store(
      @Nullable Path file,
      RandomGenerator random,
      Database database,
      long epoch,
      LastCommit lastStop,
      Cursors cursors,
      Journal journal,
      JournalKeeper keeper) {
    this.file = file;
    this.random = random;
    this.database = database;
    this.epoch = epoch;
    this.lastStop = lastStop;
    this.batches = new Batches(database);
    this.catalogs = new Catalogs(database);
    this.cursors = cursors;
    this.gaps = new Gaps(database);
    this.journal = journal;
    this.keeper = keeper;
  }

  /**
   * Opens the file, or makes it with a new random epoch. Does not look at the backlog.
   *
   * @throws StoreException if the file is not a store, is damaged, or can't be opened; it is not
   *     changed then.
   */
  public static Store open(Path file, RandomGenerator random) throws StoreException {
    return open(file, random, Database.SQLITE, JournalFile.DISK);
  }

  static Store open(
      Path file,
      RandomGenerator random,
      Database.Connector connector,
      JournalFile.Channels channels)
      throws StoreException {
    try {
      return Opening.store(file, Database.open(file, connector), random, channels);
    } catch (SQLException e) {
      throw StoreException.of("open the store " + file, e);
    }
  }

  /** A store that is gone with the process: better than no gateway where no disk can be written. */
  static Store inMemory(RandomGenerator random) throws StoreException {
    try {
      return Opening.store(null, Database.inMemory(), random, JournalFile.DISK);
    } catch (SQLException e) {
      throw StoreException.of("open a store in memory", e);
    }
  }

  /** Notes that this run is under way; a journal file of another store is to be searched. */
  void begin(boolean hadFile) throws SQLException, StoreException {
    Opening.begin(database, hadFile, journal.hasFile());
    JournalKeeper.Report report = keeper.report();
    if (report != null && report.isForeign() && salvaging().number() == 0) {
      adopt(Map.of(), null, Salvage.Progress.of(report.asideNumber()));
    }
  }

  private <T> T transaction(String what, Database.Work<T> work) throws StoreException {
    return database.transaction(what, work);
  }

  /** What the start found wrong with the journal file; null: nothing. */
  JournalKeeper.@Nullable Report journalReport() {
    return keeper.report();
  }

  /** Why there is no journal file, told once; null: there is one, or it was told. */
  @Nullable String takeJournalTrouble() {
    return keeper.takeTrouble();
  }

  /** Tries to have a journal file again where there is none; whether there is one now. */
  boolean restoreJournal(long nowNanos) throws StoreException {
    return journal.restore(nowNanos);
  }

  /** The durable memory of commands, in the same file. */
  CommandTable commands() {
    return new CommandTable(database, this);
  }

  /** The past of a point. */
  History history() {
    return new History(database, journal, catalogs);
  }

  /** What the file takes. */
  Space space() {
    return new Space(database, file);
  }

  /** What gives way when that is too much. */
  Shedding shedding(ShedPolicy policy, Collection<String> uplinks) {
    return new Shedding(database, catalogs, cursors, gaps, policy, uplinks);
  }

  public long epoch() {
    return epoch;
  }

  /** Whether the store had been closed in order when it was opened; true for a new one. */
  public boolean wasClean() {
    return lastStop.clean();
  }

  public LastCommit lastStop() {
    return lastStop;
  }

  /** Whether what is committed survives the process. */
  public boolean isDurable() {
    return file != null;
  }

  @Nullable Path file() {
    return file;
  }

  RandomGenerator random() {
    return random;
  }

  /** Numbers the catalog: equal content keeps its revision. Later samples belong to it. */
  public Catalog useCatalog(Catalog wanted) throws StoreException {
    catalog = transaction("use a catalog", () -> catalogs.number(wanted));
    return catalog;
  }

  /** The catalog in use. */
  Catalog catalog() {
    return catalog;
  }

  /** The catalog message of a revision. */
  public Optional<byte[]> catalogMessage(long rev) throws StoreException {
    return database.read("read a catalog", () -> catalogs.message(rev));
  }

  /**
   * Commits samples and events, and what drivers want kept: all of it or nothing.
   *
   * @param rows by lane; the numbers are assigned here, in this order.
   * @return bytes of the journal rows, by lane.
   */
  public Map<Lane, Integer> append(Map<Lane, JournalRow> rows, Map<String, long[]> keep)
      throws StoreException {
    Map<String, byte[]> numbers = new HashMap<>();
    keep.forEach((asset, kept) -> numbers.put(asset, KeptNumbers.encode(kept)));
    return journal.append(rows, numbers, catalog);
  }

  /**
   * Commits what was found in a damaged store, under the catalog it belongs to, and how far the
   * search is, in one transaction.
   */
  void adopt(Map<Lane, JournalRow> rows, @Nullable Catalog theirs, Salvage.Progress progress)
      throws StoreException {
    transaction(
        "take over from a damaged store",
        () -> {
          if (theirs != null) {
            long rev = catalogs.number(theirs).rev();
            for (Map.Entry<Lane, JournalRow> entry : rows.entrySet()) {
              journal.insert(entry.getKey(), entry.getValue(), rev);
            }
          }
          progress.write(database);
          return true;
        });
  }

  /** A search of a damaged store that is not at its end. */
  Salvage.Progress salvaging() throws StoreException {
    return database.read("look for a salvage under way", () -> Salvage.Progress.read(database));
  }

  /** Takes over what a driver of a damaged store kept, if nothing newer is there. */
  void adoptKept(Map<String, byte[]> kept) throws StoreException {
    transaction(
        "take over what drivers kept",
        () -> {
          for (Map.Entry<String, byte[]> entry : kept.entrySet()) {
            journal.keep(entry.getKey(), entry.getValue());
          }
          return true;
        });
  }

  /** Inside a transaction; how many bytes the row has. */
  int insertRow(Lane lane, JournalRow row, long rev) throws SQLException {
    return journal.insert(lane, row, rev);
  }

  /**
   * Keeps numbers of somebody who is not a driver; its name is no asset's, since it has a slash.
   */
  void keep(String owner, long[] numbers) throws StoreException {
    transaction(
        "keep numbers",
        () -> {
          journal.keep(owner, KeptNumbers.encode(numbers));
          return true;
        });
  }

  /** What the driver of this asset last wanted kept. */
  public Optional<long[]> kept(String asset) throws StoreException {
    return database
        .read("read what a driver kept", () -> journal.kept(asset))
        .map(KeptNumbers::decode);
  }

  /** {@link #seal(Lane, int, Sealing.Clock, int)} with {@link #BATCH_BYTES_MAX}. */
  public Optional<StoredBatch> seal(Lane lane, int tickMs, Sealing.Clock clock)
      throws StoreException {
    return seal(lane, tickMs, clock, BATCH_BYTES_MAX);
  }

  /**
   * Turns the lane's oldest journal rows into one batch.
   *
   * @param bytesMax of its message, unless a single commit is larger.
   * @return empty if nothing waits; call again while it is not.
   */
  Optional<StoredBatch> seal(Lane lane, int tickMs, Sealing.Clock clock, int bytesMax)
      throws StoreException {
    return transaction(
        "seal a batch",
        () ->
            new Sealer(database, journal, epoch, catalog, catalogs, gaps)
                .seal(lane, tickMs, clock, bytesMax));
  }

  /**
   * The first batch of the lane above {@code afterBseq}, acked or not; from now on its bytes count
   * as sent.
   */
  public Optional<StoredBatch> next(Lane lane, long afterBseq) throws StoreException {
    return batches.next(lane, afterBseq);
  }

  /** What an uplink whose back end refuses the batch gets in its place. */
  StoredBatch standIn(StoredBatch batch) throws StoreException {
    return database.read(
        "make a stand-in", () -> Refusals.standIn(batch, epoch, batches.span(batch), catalogs));
  }

  /**
   * Moves the uplink's cursor; never backwards, never beyond what was sealed. Durable with the next
   * transaction, or {@link #close}: losing it costs a resend.
   *
   * @return how many readings this ack delivered; -1 if it was for another epoch, or for batches
   *     that do not exist: ignored.
   */
  public long ack(String uplink, Lane lane, long ofEpoch, long bseq) throws StoreException {
    return database.read(
        "move a cursor", () -> ofEpoch == epoch ? cursors.ack(uplink, lane, bseq) : -1L);
  }

  /**
   * What waits in the lane's journal.
   *
   * @param bytes of its rows.
   */
  record Waiting(int rows, long readings, long bytes) {}

  /** Reads the lane's journal, which the seal policy keeps short, not the backlog. */
  Waiting waiting(Lane lane) throws StoreException {
    return database.read("look at the journal", () -> journal.waiting(lane));
  }

  /**
   * What the lane has on disk.
   *
   * @param acked by every uplink.
   */
  StoreView.Held held(Lane lane, long acked) throws StoreException {
    return batches.held(lane, acked);
  }

  /** Per lane number, the next batch to be sealed. Does not look at the batches. */
  long[] nextNumbers() throws StoreException {
    long[] next = new long[Lane.values().length];
    for (Lane lane : Lane.values()) {
      next[lane.number()] = laneNumber("next_bseq", lane);
    }
    return next;
  }

  /** The number that a lane's next sample or event gets; all below are committed. */
  long nextSample(Lane lane) {
    return journal.next(lane);
  }

  /** Where an uplink stands. */
  public StoreMarks marks(String uplink) throws StoreException {
    long[] next = nextNumbers();
    long[] oldest = new long[next.length];
    long[] seen = new long[next.length];
    for (Lane lane : Lane.values()) {
      oldest[lane.number()] = cursors.at(uplink, lane) + 1;
      seen[lane.number()] = batches.seen(lane, next[lane.number()]);
    }
    return database.read(
        "read the marks", () -> new StoreMarks(epoch, oldest, next, seen, catalogs.newest()));
  }

  long acked(String uplink, Lane lane) {
    return cursors.at(uplink, lane);
  }

  /** Bytes of all messages of the lane, acked or not. */
  long messageBytes(Lane lane) throws StoreException {
    return laneNumber("batch_bytes", lane);
  }

  private long laneNumber(String column, Lane lane) throws StoreException {
    return database.read(
        "look at a lane",
        () ->
            database.number(
                "SELECT " + column + " FROM lane WHERE lane=?",
                0,
                s -> s.setInt(1, lane.number())));
  }

  boolean hasGaps() throws StoreException {
    return database.read("look for gaps", () -> !gaps.isEmpty());
  }

  /**
   * Writes the cursors, gives the database all of the journal, marks the stop as clean and closes.
   */
  @Override
  public void close() throws StoreException {
    try {
      transaction(
          "mark the stop",
          () -> {
            journal.takeIn();
            return database.update("UPDATE meta SET value=1 WHERE key='clean'", Database.NOTHING);
          });
    } catch (StoreException e) {
      Opening.closeAfter(database, journal, e);
      throw e;
    }
    abandon();
  }

  /** Closes without the mark, as a crash would. */
  void abandon() throws StoreException {
    try {
      journal.close();
      database.close();
    } catch (IOException e) {
      database.closeAfter(e);
      throw new StoreException("cannot close the journal file: " + e.getMessage(), e);
    } catch (SQLException e) {
      throw StoreException.of("close the store", e);
    }
  }
}
