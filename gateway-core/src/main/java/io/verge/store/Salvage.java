package io.verge.store;

import io.verge.bytes.Decoded;
import io.verge.model.Catalog;
import io.verge.model.Event;
import io.verge.model.Gap;
import io.verge.model.Lane;
import io.verge.wire.Batch;
import io.verge.wire.BatchCodec;
import io.verge.wire.CatalogCodec;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings what can still be read in a damaged store, and is not acked, into its successor: sealed
 * batches, journal rows, then the journal file, a piece a step, beside normal work. The damaged
 * file is only read.
 *
 * <p>Pieces get new numbers in the new epoch. What was sent before the damage and not acked may
 * therefore arrive twice: {@code store.salvaged} names the old numbers, so that the back end can
 * tell. Store thread only.
 */
final class Salvage implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Salvage.class);

  /** Journal rows in one step. */
  private static final int ROWS = 64;

  /** A file so damaged that its highest row can't be asked for is tried up to here. */
  private static final long BLIND_ROWS = 100_000;

  /** Rows in sequence that can't be read before a blind search gives up. */
  private static final long BLIND_FAILURES = 5_000;

  /**
   * How far the search is; kept in the new store.
   *
   * @param number of the damaged file ({@code .damaged-N}); 0: no search is under way.
   */
  record Progress(
      long number,
      long batch,
      long journal,
      long commits,
      long batches,
      long rows,
      long unreadable) {
    static final Progress NONE = new Progress(0, 0, 0, 0, 0, 0, 0);
    private static final List<String> KEYS =
        List.of("file", "batch", "journal", "commits", "batches", "rows", "unreadable");

    static Progress of(long number) {
      return new Progress(number, 0, 0, 0, 0, 0, 0);
    }

    Progress batch(long rowid, int good, int bad) {
      return new Progress(number, rowid, journal, commits, batches + good, rows, unreadable + bad);
    }

    Progress journal(long id, int good, int bad) {
      return new Progress(number, batch, id, commits, batches, rows + good, unreadable + bad);
    }

    Progress commits(long count, int good, long bad) {
      return new Progress(number, batch, journal, count, batches, rows + good, unreadable + bad);
    }

    static Progress read(Database database) throws SQLException {
      long[] values = new long[KEYS.size()];
      for (int i = 0; i < values.length; i++) {
        String key = "salvage." + KEYS.get(i);
        values[i] =
            database.number("SELECT value FROM meta WHERE key=?", 0, s -> s.setString(1, key));
      }
      return new Progress(
          values[0], values[1], values[2], values[3], values[4], values[5], values[6]);
    }

    void write(Database database) throws SQLException {
      long[] values = {number, batch, journal, commits, batches, rows, unreadable};
      for (int i = 0; i < values.length; i++) {
        String key = "salvage." + KEYS.get(i);
        long value = values[i];
        database.update(
            "INSERT OR REPLACE INTO meta VALUES(?, ?)",
            s -> {
              s.setString(1, key);
              s.setLong(2, value);
            });
      }
    }
  }

  private final Database from;
  private final Store to;
  private final SalvagedCommits commits;
  private final Map<Lane, JournalTable.Mark> marks = new EnumMap<>(Lane.class);
  private final Map<Lane, Long> acked = new HashMap<>();
  private final Map<Long, Optional<Catalog>> catalogs = new HashMap<>();
  private final long lastBatch;
  private final long lastRow;
  private Progress progress;
  private long failures;

  private Salvage(
      Database from,
      boolean isReadable,
      SalvagedCommits commits,
      Store to,
      Progress progress,
      List<String> uplinks) {
    this.from = from;
    this.commits = commits;
    this.to = to;
    this.progress = progress;
    this.lastBatch = isReadable ? last("SELECT max(rowid) FROM batch") : 0;
    this.lastRow = isReadable ? last("SELECT max(id) FROM journal") : 0;
    for (Lane lane : Lane.values()) {
      acked.put(lane, uplinks.stream().mapToLong(name -> cursor(name, lane)).min().orElse(0));
      marks.put(lane, mark(lane));
    }
  }

  /**
   * @param uplinks what all of these have acked is not brought over.
   * @throws StoreException if nothing can be read, neither in the file nor in the journal file that
   *     was beside it.
   */
  static Salvage open(Path damaged, Store to, Progress progress, List<String> uplinks)
      throws StoreException {
    SalvagedCommits commits = SalvagedCommits.beside(damaged);
    try {
      Database from = Database.openToRead(damaged);
      try {
        from.number("SELECT count(*) FROM sqlite_schema");
        return new Salvage(from, true, commits, to, progress, uplinks);
      } catch (SQLException e) {
        from.closeAfter(e);
        throw e;
      }
    } catch (SQLException e) {
      if (commits.rows() == 0) {
        throw StoreException.of("read anything of " + damaged, e);
      }
      LOG.warn("{} can't be read, only its journal file: {}", damaged, e.getMessage());
      return withoutDatabase(commits, to, progress, uplinks);
    }
  }

  private static Salvage withoutDatabase(
      SalvagedCommits commits, Store to, Progress progress, List<String> uplinks)
      throws StoreException {
    try {
      return new Salvage(Database.inMemory(), false, commits, to, progress, uplinks);
    } catch (SQLException e) {
      throw StoreException.of("salvage a journal file", e);
    }
  }

  /** What drivers kept: wanted before the first poll, and small. */
  static Map<String, byte[]> kept(Path damaged) {
    Map<String, byte[]> kept = new HashMap<>();
    long taken = 0;
    try (Database from = Database.openToRead(damaged)) {
      taken = taken(from);
      from.query(
          "SELECT asset, numbers FROM keep",
          Database.NOTHING,
          row -> {
            while (row.next()) {
              kept.put(row.getString(1), row.getBytes(2));
            }
            return true;
          });
    } catch (SQLException e) {
      LOG.warn("what drivers kept can't be read from {}: {}", damaged, e.getMessage());
    }
    kept.putAll(SalvagedCommits.beside(damaged).kept(taken));
    return kept;
  }

  private static long taken(Database from) {
    try {
      return from.number("SELECT min(taken) FROM lane");
    } catch (SQLException e) {
      LOG.warn("how much of the journal file was taken can't be read: {}", e.getMessage());
      return 0;
    }
  }

  /** What the damaged database had of a lane; as if nothing, where it does not say. */
  private JournalTable.Mark mark(Lane lane) {
    long next = had("SELECT max(rseq_first+samples) FROM batch WHERE lane=?", lane);
    return new JournalTable.Mark(
        Math.max(next, had("SELECT next_rseq FROM lane WHERE lane=?", lane)),
        had("SELECT taken FROM lane WHERE lane=?", lane));
  }

  private long had(String sql, Lane lane) {
    try {
      return from.number(sql, 0, s -> s.setInt(1, lane.number()));
    } catch (SQLException e) {
      return 0; // unreadable: rather twice than never
    }
  }

  private long last(String sql) {
    try {
      return from.number(sql);
    } catch (SQLException e) {
      return BLIND_ROWS;
    }
  }

  private long cursor(String uplink, Lane lane) {
    try {
      return from.number(
          "SELECT bseq FROM cursor WHERE uplink=? AND lane=?",
          0,
          s -> {
            s.setString(1, uplink);
            s.setInt(2, lane.number());
          });
    } catch (SQLException e) {
      return 0; // unreadable: rather twice than never
    }
  }

  Progress progress() {
    return progress;
  }

  /**
   * Brings over one batch, or some journal rows.
   *
   * @return whether there is more.
   * @throws StoreException if the new store can't take it; the step is done again then.
   */
  boolean step() throws StoreException {
    if (progress.batch() < lastBatch && failures < BLIND_FAILURES) {
      batch(progress.batch() + 1);
      return true;
    }
    if (progress.journal() < lastRow && failures < 2 * BLIND_FAILURES) {
      long end = Math.min(lastRow, progress.journal() + ROWS);
      for (long id = progress.journal() + 1; id <= end; id++) {
        row(id);
      }
      return true;
    }
    if (progress.commits() < commits.rows()) {
      commit((int) progress.commits());
      return true;
    }
    return false;
  }

  private void batch(long rowid) throws StoreException {
    Found found = find("SELECT * FROM batch WHERE rowid=?", rowid, Salvage::batch);
    if (found == null || !found.isUnreadable() && found.key() <= lane(found.lane())) {
      put(Map.of(), null, progress.batch(rowid, 0, 0));
      return;
    }
    Catalog catalog = catalog(found.catalog).orElse(null);
    Batch batch = catalog == null ? null : decoded(found, catalog);
    if (batch == null) {
      put(Map.of(), catalog, progress.batch(rowid, 0, 1));
    } else {
      put(rows(batch), catalog, progress.batch(rowid, 1, 0));
    }
  }

  /** A row of the journal file. */
  private void commit(int index) throws StoreException {
    long bad = index == 0 ? commits.unreadable() : 0;
    SalvagedCommits.Found found = commits.row(index, marks);
    if (found == null) {
      put(Map.of(), null, progress.commits(index + 1, 0, bad));
      return;
    }
    Catalog catalog =
        found.print() == CommitRecord.print(to.catalog())
            ? to.catalog().withRev(found.rev())
            : catalog(found.rev()).orElse(null);
    if (catalog != null
        && JournalRow.decode(found.row().body()) instanceof Decoded.Valid<JournalRow> row) {
      put(Map.of(found.row().lane(), row.value()), catalog, progress.commits(index + 1, 1, bad));
    } else {
      put(Map.of(), catalog, progress.commits(index + 1, 0, bad + 1));
    }
  }

  private long lane(int lane) {
    return acked.getOrDefault(Lane.of(lane), 0L);
  }

  private void row(long id) throws StoreException {
    Found found = find("SELECT lane, id, catalog, body FROM journal WHERE id=?", id, Found::new);
    if (found == null) {
      Progress next = progress.journal(id, 0, 0);
      if (id % ROWS != 0 && id < lastRow) {
        progress = next;
      } else {
        put(Map.of(), null, next);
      }
      return;
    }
    Catalog catalog = catalog(found.catalog).orElse(null);
    if (!found.isUnreadable
        && catalog != null
        && JournalRow.decode(found.bytes) instanceof Decoded.Valid<JournalRow> row) {
      put(Map.of(Lane.of(found.lane), row.value()), catalog, progress.journal(id, 1, 0));
    } else {
      put(Map.of(), catalog, progress.journal(id, 0, 1));
    }
  }

  private void put(Map<Lane, JournalRow> rows, @Nullable Catalog catalog, Progress next)
      throws StoreException {
    to.adopt(rows, catalog, next);
    progress = next;
  }

  /** A row as found; unreadable: it is there, or may be, and can't be read. */
  private record Found(boolean isUnreadable, int lane, long key, long catalog, byte[] bytes) {
    Found(ResultSet row) throws SQLException {
      this(
          !isLane(row.getInt(1)),
          row.getInt(1),
          row.getLong(2),
          row.getLong(3),
          Objects.requireNonNullElse(row.getBytes(4), new byte[0]));
    }
  }

  private static Found batch(ResultSet row) throws SQLException {
    byte[] message = row.getBytes(7);
    int lane = row.getInt(1);
    return new Found(
        !isLane(lane) || !Batches.isWhole(row, message),
        lane,
        row.getLong(2),
        row.getLong(6),
        Objects.requireNonNullElse(message, new byte[0]));
  }

  private static boolean isLane(int lane) {
    return lane >= 0 && lane < Lane.values().length;
  }

  private @Nullable Found find(String sql, long id, Database.Reading<Found> reading) {
    try {
      Optional<Found> found =
          from.query(
              sql,
              s -> s.setLong(1, id),
              row -> row.next() ? Optional.of(reading.of(row)) : Optional.empty());
      failures = 0;
      return found.orElse(null);
    } catch (SQLException e) {
      failures++;
      return new Found(true, 0, 0, 0, new byte[0]);
    }
  }

  private Optional<Catalog> catalog(long rev) {
    return catalogs.computeIfAbsent(rev, this::read);
  }

  private Optional<Catalog> read(long rev) {
    try {
      Optional<byte[]> message = new Catalogs(from).message(rev);
      if (message.isPresent()
          && CatalogCodec.decode(message.get()) instanceof Decoded.Valid<Catalog> valid) {
        return Optional.of(valid.value());
      }
    } catch (SQLException e) {
      LOG.warn("catalog {} can't be read: {}", rev, e.getMessage());
    }
    return isCurrent(rev) ? Optional.of(to.catalog().withRev(rev)) : Optional.empty();
  }

  /** Whether the index still says that this revision is what is in use now. */
  private boolean isCurrent(long rev) {
    byte[] sha256 = CatalogCodec.sha256(to.catalog());
    try {
      return from.number("SELECT rev FROM catalog WHERE sha256=?", 0, s -> s.setBytes(1, sha256))
          == rev;
    } catch (SQLException e) {
      LOG.warn("nor can its index: {}", e.getMessage());
      return false;
    }
  }

  private static @Nullable Batch decoded(Found found, Catalog catalog) {
    return !found.isUnreadable
            && BatchCodec.decode(found.bytes, catalog) instanceof Decoded.Valid<Batch> valid
        ? valid.value()
        : null;
  }

  /** Losses the batch told belong to the old numbers: told again as an event. */
  private static Map<Lane, JournalRow> rows(Batch batch) {
    List<Event> events = new ArrayList<>(batch.events());
    for (Gap gap : batch.gaps()) {
      events.add(
          new Event(
              new io.verge.model.Stamp(0, 0, Math.max(0, gap.lastMs()), 0),
              "gap.salvaged",
              io.verge.model.Severity.WARNING,
              Event.NO_DEVICE,
              Map.of(
                  "epoch", batch.epoch(),
                  "lane", (long) gap.lane().number(),
                  "bseq_first", gap.bseqFirst(),
                  "bseq_last", gap.bseqLast(),
                  "rseq_first", gap.rseqFirst(),
                  "rseq_last", gap.rseqLast(),
                  "reason", gap.reason(),
                  "readings", gap.readings())));
    }
    Map<Lane, JournalRow> rows = new HashMap<>();
    JournalRow row = new JournalRow(batch.samples(), events);
    if (row.count() > 0) {
      rows.put(batch.lane(), row);
    }
    return rows;
  }

  @Override
  public void close() {
    from.closeAfter(null);
  }
}
