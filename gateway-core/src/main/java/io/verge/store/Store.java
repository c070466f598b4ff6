package io.verge.store;

import io.verge.bytes.Decoded;
import io.verge.model.Catalog;
import io.verge.model.Event;
import io.verge.model.Lane;
import io.verge.model.Sample;
import io.verge.wire.Batch;
import io.verge.wire.BatchCodec;
import io.verge.wire.CatalogCodec;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
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

  private static final String[] CREATE = {
    "CREATE TABLE meta(key TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE TABLE lane(lane INTEGER PRIMARY KEY, next_bseq INTEGER NOT NULL,"
        + " next_rseq INTEGER NOT NULL)",
    "CREATE TABLE catalog(rev INTEGER PRIMARY KEY, sha256 BLOB NOT NULL UNIQUE,"
        + " message BLOB NOT NULL)",
    "CREATE TABLE journal(id INTEGER PRIMARY KEY AUTOINCREMENT, lane INTEGER NOT NULL,"
        + " rseq_first INTEGER NOT NULL, catalog INTEGER NOT NULL, body BLOB NOT NULL)",
    "CREATE INDEX journal_lane ON journal(lane, id)",
    "CREATE TABLE batch(lane INTEGER NOT NULL, bseq INTEGER NOT NULL, rseq_first INTEGER NOT NULL,"
        + " samples INTEGER NOT NULL, readings INTEGER NOT NULL, catalog INTEGER NOT NULL,"
        + " message BLOB NOT NULL, PRIMARY KEY(lane, bseq))",
    "CREATE TABLE cursor(uplink TEXT NOT NULL, lane INTEGER NOT NULL, bseq INTEGER NOT NULL,"
        + " PRIMARY KEY(uplink, lane)) WITHOUT ROWID",
    "CREATE TABLE keep(asset TEXT PRIMARY KEY, numbers BLOB NOT NULL) WITHOUT ROWID",
  };

  private final Connection connection;
  private final long epoch;
  private final boolean wasClean;
  private Catalog catalog = new Catalog(0, List.of(), List.of());

  private Store(Connection connection, long epoch, boolean wasClean) {
    this.connection = connection;
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
    Connection connection = null;
    try {
      connection = DriverManager.getConnection("jdbc:sqlite:" + file.toAbsolutePath());
      execute(connection, "PRAGMA page_size=4096");
      execute(connection, "PRAGMA journal_mode=WAL");
      execute(connection, "PRAGMA synchronous=FULL");
      execute(connection, "PRAGMA wal_autocheckpoint=256");
      long schema = number(connection, "PRAGMA user_version");
      if (schema == 0 && number(connection, "SELECT count(*) FROM sqlite_schema") == 0) {
        create(connection, random.nextLong() >>> 1);
      } else if (schema != SCHEMA) {
        throw new SQLException("schema version " + schema + ", expected " + SCHEMA);
      }
      long epoch = number(connection, "SELECT value FROM meta WHERE key='epoch'");
      boolean clean = number(connection, "SELECT value FROM meta WHERE key='clean'") == 1;
      execute(connection, "UPDATE meta SET value=0 WHERE key='clean'");
      return new Store(connection, epoch, clean);
    } catch (SQLException e) {
      close(connection, e);
      throw new StoreException("cannot open the store " + file + ": " + e.getMessage(), e);
    }
  }

  private static void create(Connection connection, long epoch) throws SQLException {
    execute(connection, "BEGIN IMMEDIATE");
    for (String statement : CREATE) {
      execute(connection, statement);
    }
    for (Lane lane : Lane.values()) {
      execute(connection, "INSERT INTO lane VALUES(" + lane.number() + ", 1, 1)");
    }
    execute(connection, "INSERT INTO meta VALUES('epoch', " + epoch + "), ('clean', 1)");
    execute(connection, "PRAGMA user_version=" + SCHEMA);
    execute(connection, "COMMIT");
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
    return transaction(
        "use a catalog",
        () -> {
          long rev;
          try (PreparedStatement find = prepare("SELECT rev FROM catalog WHERE sha256=?")) {
            find.setBytes(1, sha256);
            rev = first(find, 0);
          }
          if (rev == 0) {
            rev = number(connection, "SELECT ifnull(max(rev), 0) + 1 FROM catalog");
            try (PreparedStatement insert = prepare("INSERT INTO catalog VALUES(?, ?, ?)")) {
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
    return read(
        "read a catalog",
        () -> {
          try (PreparedStatement find = prepare("SELECT message FROM catalog WHERE rev=?")) {
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
    transaction(
        "commit to the journal",
        () -> {
          for (Map.Entry<Lane, JournalRow> entry : rows.entrySet()) {
            if (entry.getValue().count() > 0) {
              appendRow(entry.getKey(), entry.getValue());
            }
          }
          for (Map.Entry<String, long[]> entry : keep.entrySet()) {
            try (PreparedStatement upsert = prepare("INSERT OR REPLACE INTO keep VALUES(?, ?)")) {
              upsert.setString(1, entry.getKey());
              upsert.setBytes(2, KeptNumbers.encode(entry.getValue()));
              upsert.executeUpdate();
            }
          }
          return true;
        });
  }

  private void appendRow(Lane lane, JournalRow row) throws SQLException {
    long rseq = number(connection, "SELECT next_rseq FROM lane WHERE lane=" + lane.number());
    try (PreparedStatement insert =
        prepare("INSERT INTO journal(lane, rseq_first, catalog, body) VALUES(?, ?, ?, ?)")) {
      insert.setInt(1, lane.number());
      insert.setLong(2, rseq);
      insert.setLong(3, catalog.rev());
      insert.setBytes(4, row.encode());
      insert.executeUpdate();
    }
    execute(
        connection,
        "UPDATE lane SET next_rseq=" + (rseq + row.count()) + " WHERE lane=" + lane.number());
  }

  /** What the driver of this asset last wanted kept. */
  public Optional<long[]> kept(String asset) throws StoreException {
    return read(
        "read what a driver kept",
        () -> {
          try (PreparedStatement find = prepare("SELECT numbers FROM keep WHERE asset=?")) {
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
    return transaction("seal a batch", () -> sealNow(lane, tickMs, clock));
  }

  private Optional<StoredBatch> sealNow(Lane lane, int tickMs, Sealing.Clock clock)
      throws SQLException {
    List<JournalRow> rows = new ArrayList<>();
    List<Long> ids = new ArrayList<>();
    long rseqFirst = 0;
    long rev = 0;
    try (Statement statement = connection.createStatement();
        ResultSet found =
            statement.executeQuery(
                "SELECT id, rseq_first, catalog, body FROM journal WHERE lane="
                    + lane.number()
                    + " ORDER BY id LIMIT "
                    + ROWS_MAX)) {
      while (found.next()) {
        if (rows.isEmpty()) {
          rseqFirst = found.getLong(2);
          rev = found.getLong(3);
        } else if (found.getLong(3) != rev) {
          break;
        }
        Decoded<JournalRow> row = JournalRow.decode(found.getBytes(4));
        if (row instanceof Decoded.Invalid<JournalRow> invalid) {
          throw new SQLException(
              "journal row " + found.getLong(1) + " is damaged: " + invalid.reason());
        }
        ids.add(found.getLong(1));
        rows.add(Sealing.resolved(row.orThrow(), clock));
      }
    }
    if (rows.isEmpty()) {
      return Optional.empty();
    }
    Catalog named = catalogOf(rev);
    long bseq = number(connection, "SELECT next_bseq FROM lane WHERE lane=" + lane.number());
    int take = Sealing.run(rows);
    byte[] message = encode(lane, bseq, rseqFirst, named, tickMs, rows.subList(0, take));
    while (message.length > BATCH_BYTES_MAX && take > 1) {
      take = Math.max(1, (int) (take * 0.9 * BATCH_BYTES_MAX / message.length));
      message = encode(lane, bseq, rseqFirst, named, tickMs, rows.subList(0, take));
    }
    int samples = 0;
    int readings = 0;
    for (JournalRow row : rows.subList(0, take)) {
      samples += row.count();
      readings += row.readings();
    }
    StoredBatch batch = new StoredBatch(lane, bseq, rseqFirst, samples, readings, rev, message);
    insert(batch);
    execute(
        connection,
        "DELETE FROM journal WHERE lane=" + lane.number() + " AND id<=" + ids.get(take - 1));
    execute(connection, "UPDATE lane SET next_bseq=" + (bseq + 1) + " WHERE lane=" + lane.number());
    return Optional.of(batch);
  }

  private byte[] encode(
      Lane lane, long bseq, long rseqFirst, Catalog named, int tickMs, List<JournalRow> rows) {
    List<Sample> samples = new ArrayList<>();
    List<Event> events = new ArrayList<>();
    rows.forEach(
        row -> {
          samples.addAll(row.samples());
          events.addAll(row.events());
        });
    return BatchCodec.encode(
        new Batch(
            epoch,
            lane,
            bseq,
            rseqFirst,
            named.rev(),
            Sealing.clk(rows),
            tickMs,
            samples,
            events,
            List.of()),
        named);
  }

  private Catalog catalogOf(long rev) throws SQLException {
    if (rev == catalog.rev()) {
      return catalog;
    }
    try (PreparedStatement find = prepare("SELECT message FROM catalog WHERE rev=?")) {
      find.setLong(1, rev);
      try (ResultSet row = find.executeQuery()) {
        if (!row.next()) {
          throw new SQLException("the journal names catalog " + rev + ", which is not stored");
        }
        return CatalogCodec.decode(row.getBytes(1)).orThrow();
      }
    }
  }

  private void insert(StoredBatch batch) throws SQLException {
    try (PreparedStatement insert = prepare("INSERT INTO batch VALUES(?, ?, ?, ?, ?, ?, ?)")) {
      insert.setInt(1, batch.lane().number());
      insert.setLong(2, batch.bseq());
      insert.setLong(3, batch.rseqFirst());
      insert.setInt(4, batch.samples());
      insert.setInt(5, batch.readings());
      insert.setLong(6, batch.catalogRev());
      insert.setBytes(7, batch.message());
      insert.executeUpdate();
    }
  }

  /** The first batch of the lane above {@code afterBseq}, acked or not. */
  public Optional<StoredBatch> next(Lane lane, long afterBseq) throws StoreException {
    return read(
        "read a batch",
        () -> {
          try (PreparedStatement find =
              prepare("SELECT * FROM batch WHERE lane=? AND bseq>? ORDER BY bseq LIMIT 1")) {
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
   * @return false if the ack was for another epoch, or for batches that do not exist: ignored.
   */
  public boolean ack(String uplink, Lane lane, long ofEpoch, long bseq) throws StoreException {
    return transaction(
        "move a cursor",
        () -> {
          long next = number(connection, "SELECT next_bseq FROM lane WHERE lane=" + lane.number());
          if (ofEpoch != epoch || bseq < 0 || bseq >= next) {
            return false;
          }
          try (PreparedStatement upsert =
              prepare(
                  "INSERT INTO cursor VALUES(?, ?, ?) ON CONFLICT(uplink, lane)"
                      + " DO UPDATE SET bseq=max(bseq, excluded.bseq)")) {
            upsert.setString(1, uplink);
            upsert.setInt(2, lane.number());
            upsert.setLong(3, bseq);
            upsert.executeUpdate();
          }
          return true;
        });
  }

  /** Where an uplink stands. */
  public StoreMarks marks(String uplink) throws StoreException {
    return read(
        "read the marks",
        () -> {
          long[] oldest = new long[Lane.values().length];
          long[] next = new long[oldest.length];
          for (Lane lane : Lane.values()) {
            next[lane.number()] =
                number(connection, "SELECT next_bseq FROM lane WHERE lane=" + lane.number());
            try (PreparedStatement find =
                prepare("SELECT bseq FROM cursor WHERE uplink=? AND lane=?")) {
              find.setString(1, uplink);
              find.setInt(2, lane.number());
              oldest[lane.number()] = first(find, 0) + 1;
            }
          }
          return new StoreMarks(
              epoch, oldest, next, number(connection, "SELECT ifnull(max(rev), 0) FROM catalog"));
        });
  }

  /** Marks the stop as clean and closes; batches and journal stay as they are. */
  @Override
  public void close() throws StoreException {
    try {
      execute(connection, "UPDATE meta SET value=1 WHERE key='clean'");
      connection.close();
    } catch (SQLException e) {
      close(connection, e);
      throw new StoreException("cannot close the store: " + e.getMessage(), e);
    }
  }

  /** Closes without the mark, as a crash would. */
  void abandon() throws StoreException {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new StoreException("cannot close the store: " + e.getMessage(), e);
    }
  }

  /** Work inside the database. */
  private interface Work<T> {
    T run() throws SQLException;
  }

  private <T> T transaction(String what, Work<T> work) throws StoreException {
    try {
      execute(connection, "BEGIN IMMEDIATE");
      try {
        T result = work.run();
        execute(connection, "COMMIT");
        return result;
      } catch (SQLException | RuntimeException e) {
        rollback(e);
        throw e;
      }
    } catch (SQLException e) {
      throw new StoreException("cannot " + what + ": " + e.getMessage(), e);
    }
  }

  /** After SQLITE_FULL and some I/O errors the database has rolled back by itself. */
  private void rollback(Exception cause) {
    try {
      execute(connection, "ROLLBACK");
    } catch (SQLException alreadyRolledBack) {
      cause.addSuppressed(alreadyRolledBack);
    }
  }

  private <T> T read(String what, Work<T> work) throws StoreException {
    try {
      return work.run();
    } catch (SQLException e) {
      throw new StoreException("cannot " + what + ": " + e.getMessage(), e);
    }
  }

  private PreparedStatement prepare(String sql) throws SQLException {
    return connection.prepareStatement(sql);
  }

  private static long first(PreparedStatement query, long otherwise) throws SQLException {
    try (ResultSet row = query.executeQuery()) {
      return row.next() ? row.getLong(1) : otherwise;
    }
  }

  private static long number(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      if (!row.next()) {
        throw new SQLException("no row for: " + sql);
      }
      return row.getLong(1);
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static void close(
      @org.jspecify.annotations.Nullable Connection connection, SQLException cause) {
    if (connection == null) {
      return;
    }
    try {
      connection.close();
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
  }
}
