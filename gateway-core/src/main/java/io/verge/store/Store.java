package io.verge.store;

import io.verge.bytes.Decoded;
import io.verge.model.Catalog;
import io.verge.model.Lane;
import io.verge.wire.CatalogCodec;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * The buffer on disk: journal, sealed batches, cursors, catalogs, in one SQLite file in WAL mode
 * with {@code synchronous=FULL}. One connection, one thread. Whatever a method wrote is durable
 * when it returns; when it throws {@link StoreException}, nothing of it was written.
 *
 * <p>Transactions are SQL text: after SQLITE_FULL the database has already rolled back, and JDBC's
 * own transaction mode does not notice.
 */
public final class Store implements AutoCloseable {
  /** Largest batch message; a power of two above it never fits a CoAP server's usual limits. */
  public static final int BATCH_BYTES_MAX = 32 * 1024;

  /** Journal rows read for one batch: bounds the heap, whatever waits. */
  private static final int ROWS_MAX = 4096;

  private static final int SCHEMA = 1;

  private final Database database;
  private final long epoch;
  private final boolean wasClean;
  private Catalog catalog = new Catalog(0, List.of(), List.of());

  private Store(Database database, long epoch, boolean wasClean) {
    this.database = database;
    this.epoch = epoch;
    this.wasClean = wasClean;
  }

  /**
   * Opens the file, or makes it with a new random epoch. Does not look at the backlog.
   *
   * @throws StoreException if the file is not a store, is damaged, or can't be opened; it is not
   *     changed then.
   */
  public static Store open(Path file, RandomGenerator random) throws StoreException {
    Database database = null;
    try {
      database = Database.open(file);
      long schema = database.number("PRAGMA user_version");
      if (schema == 0 && database.number("SELECT count(*) FROM sqlite_schema") == 0) {
        create(database, random.nextLong() >>> 1);
      } else if (schema != SCHEMA) {
        throw new StoreException(
            "cannot open the store " + file + ": schema version " + schema + ", expected " + SCHEMA,
            true);
      }
      long epoch = database.number("SELECT value FROM meta WHERE key='epoch'");
      boolean clean = database.number("SELECT value FROM meta WHERE key='clean'") == 1;
      database.execute("UPDATE meta SET value=0 WHERE key='clean'");
      return new Store(database, epoch, clean);
    } catch (SQLException | StoreException e) {
      if (database != null) {
        database.closeAfter(e);
      }
      if (e instanceof StoreException ours) {
        throw ours;
      }
      throw new StoreException(
          "cannot open the store " + file + ": " + e.getMessage(),
          e,
          e instanceof SQLException sql && Database.isDamage(sql));
    }
  }

  private static void create(Database database, long epoch) throws SQLException {
    database.execute("BEGIN IMMEDIATE");
    for (String statement : Schema.CREATE) {
      database.execute(statement);
    }
    for (Lane lane : Lane.values()) {
      database.execute("INSERT INTO lane VALUES(" + lane.number() + ", 1, 1)");
    }
    database.execute("INSERT INTO meta VALUES('epoch', " + epoch + "), ('clean', 1)");
    database.execute("PRAGMA user_version=" + SCHEMA);
    database.execute("COMMIT");
  }

  /** The durable memory of commands, in the same file. */
  CommandTable commands() {
    return new CommandTable(database, this);
  }

  /** What the file takes, and what gives way when it is too much. */
  Space space() {
    return new Space(database);
  }

  public long epoch() {
    return epoch;
  }

  /** Whether the store had been closed in order when it was opened; true for a new one. */
  public boolean wasClean() {
    return wasClean;
  }

  /** Numbers the catalog: equal content keeps its revision. Later samples belong to it. */
  public Catalog useCatalog(Catalog wanted) throws StoreException {
    byte[] sha256 = CatalogCodec.sha256(wanted);
    return database.transaction(
        "use a catalog",
        () -> {
          long rev =
              database.number(
                  "SELECT rev FROM catalog WHERE sha256=?", 0, s -> s.setBytes(1, sha256));
          if (rev == 0) {
            rev = database.number("SELECT ifnull(max(rev), 0) + 1 FROM catalog");
            try (PreparedStatement insert =
                database.prepare("INSERT INTO catalog VALUES(?, ?, ?)")) {
              insert.setLong(1, rev);
              insert.setBytes(2, sha256);
              insert.setBytes(3, CatalogCodec.encode(wanted.withRev(rev)));
              insert.executeUpdate();
            }
          }
          catalog = wanted.withRev(rev);
          return catalog;
        });
  }

  /** The catalog message of a revision. */
  public Optional<byte[]> catalogMessage(long rev) throws StoreException {
    return database.read(
        "read a catalog",
        () -> {
          try (PreparedStatement find =
              database.prepare("SELECT message FROM catalog WHERE rev=?")) {
            find.setLong(1, rev);
            try (ResultSet row = find.executeQuery()) {
              return row.next() ? Optional.of(row.getBytes(1)) : Optional.<byte[]>empty();
            }
          }
        });
  }

  /**
   * Commits samples and events, and what drivers want kept, in one transaction.
   *
   * @param rows by lane; the numbers are assigned here, in this order.
   */
  public void append(Map<Lane, JournalRow> rows, Map<String, long[]> keep) throws StoreException {
    database.transaction(
        "commit to the journal",
        () -> {
          for (Map.Entry<Lane, JournalRow> entry : rows.entrySet()) {
            if (entry.getValue().count() > 0) {
              appendRow(entry.getKey(), entry.getValue());
            }
          }
          for (Map.Entry<String, long[]> entry : keep.entrySet()) {
            try (PreparedStatement upsert =
                database.prepare("INSERT OR REPLACE INTO keep VALUES(?, ?)")) {
              upsert.setString(1, entry.getKey());
              upsert.setBytes(2, KeptNumbers.encode(entry.getValue()));
              upsert.executeUpdate();
            }
          }
          return true;
        });
  }

  /** Inside a transaction. */
  void appendRow(Lane lane, JournalRow row) throws SQLException {
    long rseq = database.number("SELECT next_rseq FROM lane WHERE lane=" + lane.number());
    try (PreparedStatement insert =
        database.prepare(
            "INSERT INTO journal(lane, rseq_first, catalog, body) VALUES(?, ?, ?, ?)")) {
      insert.setInt(1, lane.number());
      insert.setLong(2, rseq);
      insert.setLong(3, catalog.rev());
      insert.setBytes(4, row.encode());
      insert.executeUpdate();
    }
    database.execute(
        "UPDATE lane SET next_rseq=" + (rseq + row.count()) + " WHERE lane=" + lane.number());
  }

  /** What the driver of this asset last wanted kept. */
  public Optional<long[]> kept(String asset) throws StoreException {
    return database.read(
        "read what a driver kept",
        () -> {
          try (PreparedStatement find =
              database.prepare("SELECT numbers FROM keep WHERE asset=?")) {
            find.setString(1, asset);
            try (ResultSet row = find.executeQuery()) {
              return row.next()
                  ? Optional.of(KeptNumbers.decode(row.getBytes(1)))
                  : Optional.<long[]>empty();
            }
          }
        });
  }

  /**
   * Turns the lane's oldest journal rows into one batch, of at most {@link #BATCH_BYTES_MAX} unless
   * a single commit is larger.
   *
   * @return empty if nothing waits; call again while it is not.
   */
  public Optional<StoredBatch> seal(Lane lane, int tickMs, Sealing.Clock clock)
      throws StoreException {
    return database.transaction(
        "seal a batch", () -> new Sealer(database, epoch, catalog).seal(lane, tickMs, clock));
  }

  /** The first batch of the lane above {@code afterBseq}, acked or not. */
  public Optional<StoredBatch> next(Lane lane, long afterBseq) throws StoreException {
    return database.read(
        "read a batch",
        () -> {
          try (PreparedStatement find =
              database.prepare(
                  "SELECT * FROM batch WHERE lane=? AND bseq>? ORDER BY bseq LIMIT 1")) {
            find.setInt(1, lane.number());
            find.setLong(2, afterBseq);
            try (ResultSet row = find.executeQuery()) {
              return row.next()
                  ? Optional.of(
                      new StoredBatch(
                          lane,
                          row.getLong(2),
                          row.getLong(3),
                          row.getInt(4),
                          row.getInt(5),
                          row.getLong(6),
                          row.getBytes(7)))
                  : Optional.<StoredBatch>empty();
            }
          }
        });
  }

  /**
   * Moves the uplink's cursor; never backwards, never beyond what was sealed.
   *
   * @return how many readings this ack delivered; -1 if it was for another epoch, or for batches
   *     that do not exist: ignored.
   */
  public long ack(String uplink, Lane lane, long ofEpoch, long bseq) throws StoreException {
    return database.transaction(
        "move a cursor",
        () -> {
          long next = database.number("SELECT next_bseq FROM lane WHERE lane=" + lane.number());
          long before = cursor(uplink, lane);
          if (ofEpoch != epoch || bseq < 0 || bseq >= next) {
            return -1L;
          }
          if (bseq <= before) {
            return 0L;
          }
          try (PreparedStatement upsert =
              database.prepare(
                  "INSERT INTO cursor VALUES(?, ?, ?) ON CONFLICT(uplink, lane)"
                      + " DO UPDATE SET bseq=max(bseq, excluded.bseq)")) {
            upsert.setString(1, uplink);
            upsert.setInt(2, lane.number());
            upsert.setLong(3, bseq);
            upsert.executeUpdate();
          }
          return database.number(
              "SELECT ifnull(sum(readings), 0) FROM batch WHERE lane=? AND bseq>? AND bseq<=?",
              0,
              s -> {
                s.setInt(1, lane.number());
                s.setLong(2, before);
                s.setLong(3, bseq);
              });
        });
  }

  private long cursor(String uplink, Lane lane) throws SQLException {
    return database.number(
        "SELECT bseq FROM cursor WHERE uplink=? AND lane=?",
        0,
        s -> {
          s.setString(1, uplink);
          s.setInt(2, lane.number());
        });
  }

  /**
   * What waits in the lane's journal.
   *
   * @param bytes of its rows.
   */
  record Waiting(int rows, long readings, long bytes) {}

  Waiting waiting(Lane lane) throws StoreException {
    return database.read(
        "look at the journal",
        () -> {
          int rows = 0;
          long readings = 0;
          long bytes = 0;
          try (PreparedStatement query =
                  database.prepare("SELECT body FROM journal WHERE lane=" + lane.number());
              ResultSet found = query.executeQuery()) {
            while (found.next()) {
              byte[] body = found.getBytes(1);
              rows++;
              bytes += body.length;
              if (JournalRow.decode(body) instanceof Decoded.Valid<JournalRow> row) {
                readings += row.value().readings();
              }
            }
          }
          return new Waiting(rows, readings, bytes);
        });
  }

  /** The lane's batches on disk. */
  StoreView.Held held(Lane lane, long acked) throws StoreException {
    return database.read(
        "count batches",
        () -> {
          String of = " FROM batch WHERE lane=" + lane.number();
          long oldest = database.number("SELECT ifnull(min(bseq), 0)" + of);
          long newest = database.number("SELECT ifnull(max(bseq), 0)" + of);
          String waiting = of + " AND bseq>" + acked;
          return new StoreView.Held(
              oldest == 0 ? 0 : newest - oldest + 1,
              database.number("SELECT count(*)" + waiting),
              database.number("SELECT ifnull(sum(length(message)), 0)" + waiting));
        });
  }

  /** Where an uplink stands. */
  public StoreMarks marks(String uplink) throws StoreException {
    return database.read(
        "read the marks",
        () -> {
          long[] oldest = new long[Lane.values().length];
          long[] next = new long[oldest.length];
          for (Lane lane : Lane.values()) {
            next[lane.number()] =
                database.number("SELECT next_bseq FROM lane WHERE lane=" + lane.number());
            oldest[lane.number()] = cursor(uplink, lane) + 1;
          }
          return new StoreMarks(
              epoch, oldest, next, database.number("SELECT ifnull(max(rev), 0) FROM catalog"));
        });
  }

  /** Marks the stop as clean and closes; batches and journal stay as they are. */
  @Override
  public void close() throws StoreException {
    try {
      database.execute("UPDATE meta SET value=1 WHERE key='clean'");
      database.close();
    } catch (SQLException e) {
      database.closeAfter(e);
      throw new StoreException("cannot close the store: " + e.getMessage(), e);
    }
  }

  /** Closes without the mark, as a crash would. */
  void abandon() throws StoreException {
    try {
      database.close();
    } catch (SQLException e) {
      throw new StoreException("cannot close the store: " + e.getMessage(), e);
    }
  }
}
