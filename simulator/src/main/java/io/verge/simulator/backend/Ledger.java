package io.verge.simulator.backend;

import com.google.gson.Gson;
import io.verge.model.Command;
import io.verge.model.Gap;
import io.verge.model.Lane;
import io.verge.wire.Batch;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/**
 * What a back end has committed, in a SQLite file (WAL mode) or a PostgreSQL database. Readings and
 * the mark (the highest committed batch number of a gateway, epoch and lane) are written in one
 * transaction. Views {@code reading} and {@code event} show names; the rows hold numbers, so that a
 * day of a street is written in seconds. Any thread; one operation at a time. Several ledgers, also
 * of several processes, may share a database: commits of one gateway's epoch wait for each other.
 */
public final class Ledger implements AutoCloseable {
  /** How safe a commit is. */
  public enum Durability {
    /** On disk when the commit returns. */
    FULL,
    /** Whole after a power cut, but perhaps without the last commits: for simulated worlds. */
    NORMAL
  }

  /** What came of a batch. */
  public enum Stored {
    COMMITTED,
    DUPLICATE,
    TOO_EARLY
  }

  /** The outcome of a batch and the lane's mark after it. */
  public record Result(Stored stored, long mark) {}

  private static final String JDBC = "jdbc:";

  private final Connection connection;
  private final LedgerDialect dialect;
  private final Gson gson = new Gson();
  private final Names names;
  private final BatchRows rows;
  private final PreparedStatement setMark;
  private final PreparedStatement getMark;

  /** Called just before each commit; tests make it fail. */
  private Runnable beforeCommit = () -> {};

  private Ledger(Connection connection, LedgerDialect dialect) throws SQLException {
    this.connection = connection;
    this.dialect = dialect;
    names = new Names(connection);
    rows = new BatchRows(connection, names);
    setMark =
        connection.prepareStatement(
            "INSERT INTO mark_row VALUES(?,?,?)"
                + " ON CONFLICT(source, lane) DO UPDATE SET bseq=excluded.bseq");
    getMark = connection.prepareStatement("SELECT bseq FROM mark_row WHERE source=? AND lane=?");
  }

  /**
   * Opens the file, or makes it.
   *
   * @throws LedgerException if it can't be opened or is something else.
   */
  public static Ledger open(Path file, Durability durability) throws LedgerException {
    return open("jdbc:sqlite:" + file.toAbsolutePath().normalize(), durability);
  }

  /**
   * Opens a file or, by its JDBC address, a database; makes the tables where there are none.
   *
   * @param where a path, {@code jdbc:sqlite:…} or {@code jdbc:postgresql:…}; the driver of the
   *     latter must be on the class path.
   * @throws LedgerException if it can't be opened or is something else.
   */
  public static Ledger open(String where, Durability durability) throws LedgerException {
    if (!where.startsWith(JDBC)) {
      return open(Path.of(where), durability);
    }
    LedgerDialect dialect = LedgerDialect.of(where);
    try {
      Connection connection = DriverManager.getConnection(where);
      try (Statement statement = connection.createStatement()) {
        dialect.prepare(statement, durability);
        return new Ledger(connection, dialect);
      } catch (SQLException e) {
        connection.close();
        throw e;
      }
    } catch (SQLException e) {
      // What stands behind a question mark may be a password.
      throw new LedgerException(
          "cannot open the ledger " + where.replaceFirst("\\?.*", "") + ": " + e.getMessage(), e);
    }
  }

  /** The highest committed batch of a lane, 0 if none. */
  public synchronized long mark(String gateway, long epoch, Lane lane) throws LedgerException {
    try {
      Long source = names.findSource(gateway, epoch);
      return source == null ? 0 : mark(source, lane);
    } catch (SQLException e) {
      throw failure("read a mark", e);
    }
  }

  /** Makes the gateway's epoch known. */
  public synchronized void meet(String gateway, long epoch) throws LedgerException {
    transaction("meet a gateway", () -> names.source(gateway, epoch));
  }

  /** Keeps a catalog message of an epoch; the first of a revision stays. */
  public synchronized void putCatalog(String gateway, long epoch, long rev, byte[] message)
      throws LedgerException {
    transaction(
        "store a catalog",
        () -> {
          try (PreparedStatement insert =
              connection.prepareStatement(
                  "INSERT INTO catalog_row VALUES(?,?,?) ON CONFLICT DO NOTHING")) {
            insert.setLong(1, names.source(gateway, epoch));
            insert.setLong(2, rev);
            insert.setBytes(3, message);
            return insert.executeUpdate();
          }
        });
  }

  public synchronized Optional<byte[]> catalog(String gateway, long epoch, long rev)
      throws LedgerException {
    try (PreparedStatement find =
        connection.prepareStatement("SELECT message FROM catalog_row WHERE source=? AND rev=?")) {
      Long source = names.findSource(gateway, epoch);
      if (source == null) {
        return Optional.empty();
      }
      find.setLong(1, source);
      find.setLong(2, rev);
      try (ResultSet row = find.executeQuery()) {
        return row.next() ? Optional.of(row.getBytes(1)) : Optional.empty();
      }
    } catch (SQLException e) {
      throw failure("read a catalog", e);
    }
  }

  /**
   * Commits a batch if it is the lane's next; numbers declared lost, in the ledger or in the batch
   * itself, count as there.
   *
   * @param bytes length of the message.
   * @param nowMs when it arrived, milliseconds since 1970 UTC.
   */
  public synchronized Result commit(
      String gateway, Batch batch, KnownCatalog catalog, int bytes, long nowMs)
      throws LedgerException {
    return transaction(
        "commit a batch",
        () -> {
          long source = names.source(gateway, batch.epoch());
          dialect.lock(connection, source);
          long mark = mark(source, batch.lane());
          if (batch.bseq() <= mark) {
            return new Result(Stored.DUPLICATE, mark);
          }
          if (overGaps(mark, batch) < batch.bseq() - 1) {
            return new Result(Stored.TOO_EARLY, mark);
          }
          rows.put(source, batch, catalog, bytes, nowMs);
          putMark(source, batch.lane().number(), batch.bseq());
          rows.putGaps(source, batch.gaps());
          for (Lane lane : Lane.values()) {
            settle(source, lane);
          }
          return new Result(Stored.COMMITTED, mark(source, batch.lane()));
        });
  }

  private static long overGaps(long mark, Batch batch) {
    long reached = mark;
    boolean moved = true;
    while (moved) {
      moved = false;
      for (Gap gap : batch.gaps()) {
        if (gap.lane() == batch.lane()
            && gap.bseqFirst() <= reached + 1
            && gap.bseqLast() > reached) {
          reached = gap.bseqLast();
          moved = true;
        }
      }
    }
    return reached;
  }

  /** Moves a mark over numbers that were declared lost. */
  private void settle(long source, Lane lane) throws SQLException {
    try (PreparedStatement next =
        connection.prepareStatement(
            "SELECT max(bseq_last) FROM gap WHERE source=? AND lane=? AND bseq_first<=?"
                + " AND bseq_last>=?")) {
      while (true) {
        long mark = mark(source, lane);
        next.setLong(1, source);
        next.setInt(2, lane.number());
        next.setLong(3, mark + 1);
        next.setLong(4, mark + 1);
        long last = number(next);
        if (last <= mark) {
          return;
        }
        putMark(source, lane.number(), last);
      }
    }
  }

  private long mark(long source, Lane lane) throws SQLException {
    getMark.setLong(1, source);
    getMark.setInt(2, lane.number());
    return number(getMark);
  }

  private void putMark(long source, int lane, long bseq) throws SQLException {
    setMark.setLong(1, source);
    setMark.setInt(2, lane);
    setMark.setLong(3, bseq);
    setMark.executeUpdate();
  }

  /** Remembers a command that is about to be sent; a repeated id changes nothing. */
  public synchronized void putCommand(String gateway, Command command, long nowMs)
      throws LedgerException {
    transaction(
        "store a command",
        () -> {
          try (PreparedStatement insert =
              connection.prepareStatement(
                  "INSERT INTO command VALUES(?,?,?,?,?,?) ON CONFLICT DO NOTHING")) {
            insert.setString(1, gateway);
            insert.setString(2, command.id());
            insert.setString(3, command.target());
            insert.setString(4, command.op());
            insert.setString(5, gson.toJson(command.args()));
            insert.setLong(6, nowMs);
            return insert.executeUpdate();
          }
        });
  }

  /** What is in the ledger, counted from its rows. */
  public synchronized Report report() throws LedgerException {
    try {
      return ReportReader.read(connection);
    } catch (SQLException e) {
      throw failure("read a report", e);
    }
  }

  /** Only for tests: what happens right before each commit. */
  void beforeCommit(Runnable hook) {
    beforeCommit = hook;
  }

  private interface Work<T> {
    T run() throws SQLException;
  }

  private <T> T transaction(String what, Work<T> work) throws LedgerException {
    boolean committed = false;
    try {
      execute(dialect.begin());
      T result = work.run();
      beforeCommit.run();
      execute("COMMIT");
      committed = true;
      return result;
    } catch (SQLException e) {
      throw failure(what, e);
    } finally {
      if (!committed) {
        rollback();
      }
    }
  }

  /** After SQLITE_FULL there is nothing left to roll back, and SQLite says so. */
  private void rollback() {
    names.forget();
    try {
      rows.clear();
      execute("ROLLBACK");
    } catch (SQLException e) {
      org.slf4j.LoggerFactory.getLogger(Ledger.class).debug("rollback: {}", e.getMessage());
    }
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static long number(PreparedStatement query) throws SQLException {
    try (ResultSet row = query.executeQuery()) {
      return row.next() ? row.getLong(1) : 0;
    }
  }

  private static LedgerException failure(String what, SQLException e) {
    return new LedgerException("cannot " + what + ": " + e.getMessage(), e);
  }

  @Override
  public synchronized void close() throws LedgerException {
    try {
      connection.close();
    } catch (SQLException e) {
      throw failure("close the ledger", e);
    }
  }
}
