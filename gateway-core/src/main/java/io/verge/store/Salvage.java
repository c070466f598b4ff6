package io.verge.store;

import io.verge.bytes.Decoded;
import io.verge.model.Catalog;
import io.verge.model.Event;
import io.verge.model.Gap;
import io.verge.model.Lane;
import io.verge.wire.Batch;
import io.verge.wire.BatchCodec;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

  private final SalvagedRows from;
  private final Store to;
  private final SalvagedCommits commits;
  private final Map<Lane, JournalTable.Mark> marks = new EnumMap<>(Lane.class);
  private final Map<Lane, Long> acked = new HashMap<>();
  private Progress progress;

  private Salvage(
      SalvagedRows from,
      SalvagedCommits commits,
      Store to,
      Progress progress,
      List<String> uplinks) {
    this.from = from;
    this.commits = commits;
    this.to = to;
    this.progress = progress;
    for (Lane lane : Lane.values()) {
      acked.put(lane, uplinks.stream().mapToLong(name -> from.cursor(name, lane)).min().orElse(0));
      marks.put(lane, from.mark(lane));
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
      return new Salvage(SalvagedRows.open(damaged), commits, to, progress, uplinks);
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
      return new Salvage(SalvagedRows.none(), commits, to, progress, uplinks);
    } catch (SQLException e) {
      throw StoreException.of("salvage a journal file", e);
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
    if (progress.batch() < from.lastBatch() && from.failures() < BLIND_FAILURES) {
      batch(progress.batch() + 1);
      return true;
    }
    if (progress.journal() < from.lastRow() && from.failures() < 2 * BLIND_FAILURES) {
      long end = Math.min(from.lastRow(), progress.journal() + ROWS);
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
    SalvagedRows.Found found = from.batch(rowid);
    if (found == null || !found.isUnreadable() && found.key() <= lane(found.lane())) {
      put(Map.of(), null, progress.batch(rowid, 0, 0));
      return;
    }
    Catalog catalog = catalog(found.catalog()).orElse(null);
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
    SalvagedRows.Found found = from.row(id);
    if (found == null) {
      Progress next = progress.journal(id, 0, 0);
      if (id % ROWS != 0 && id < from.lastRow()) {
        progress = next;
      } else {
        put(Map.of(), null, next);
      }
      return;
    }
    Catalog catalog = catalog(found.catalog()).orElse(null);
    if (!found.isUnreadable()
        && catalog != null
        && JournalRow.decode(found.bytes()) instanceof Decoded.Valid<JournalRow> row) {
      put(Map.of(Lane.of(found.lane()), row.value()), catalog, progress.journal(id, 1, 0));
    } else {
      put(Map.of(), catalog, progress.journal(id, 0, 1));
    }
  }

  private void put(Map<Lane, JournalRow> rows, @Nullable Catalog catalog, Progress next)
      throws StoreException {
    to.adopt(rows, catalog, next);
    progress = next;
  }

  private Optional<Catalog> catalog(long rev) {
    return from.catalog(rev, to.catalog());
  }

  private static @Nullable Batch decoded(SalvagedRows.Found found, Catalog catalog) {
    return !found.isUnreadable()
            && BatchCodec.decode(found.bytes(), catalog) instanceof Decoded.Valid<Batch> valid
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
    from.close();
  }
}
