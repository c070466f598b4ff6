package io.verge.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One connection to one SQLite file in WAL mode with {@code synchronous=FULL}. Transactions are SQL
 * text: after SQLITE_FULL the database has already rolled back, and JDBC's own transaction mode
 * does not notice. Statements are prepared once and kept. One thread.
 */
final class Database implements AutoCloseable {
  /** Pages of the database: what ext4 and flash translation layers write at least. */
  static final int PAGE = 4096;

  /** Result codes after which the file, not its surroundings, is what is wrong. */
  static final int SQLITE_CORRUPT = 11;

  private static final int SQLITE_NOTADB = 26;
  private static final int SQLITE_ERROR = 1;
  private static final int SQLITE_BUSY = 5;
  private static final int SQLITE_FULL = 13;

  /** Work inside the database. */
  interface Work<T> {
    T run() throws SQLException;
  }

  /** Binds the parameters of a statement. */
  interface Binding {
    void to(PreparedStatement statement) throws SQLException;
  }

  /** Reads what a query found. */
  interface Reading<T> {
    T of(ResultSet row) throws SQLException;
  }

  /** Makes the connection; tests make one that fails. */
  interface Connector {
    Connection connect(String url) throws SQLException;
  }

  /** What goes with every transaction, whatever that is for. */
  interface Rider {
    /** Inside the transaction, last. */
    void write() throws SQLException;

    /** It is committed. */
    void written();

    /** It was rolled back. */
    void undone();
  }

  static final Connector SQLITE = DriverManager::getConnection;
  static final Binding NOTHING = statement -> {};

  private final Connection connection;
  private final Map<String, PreparedStatement> prepared = new HashMap<>();
  private final List<Rider> riders = new ArrayList<>();
  private boolean unsettled;

  private Database(Connection connection) {
    this.connection = connection;
  }

  /**
   * @throws SQLException if the file can't be opened as a database.
   */
  static Database open(Path file, Connector connector) throws SQLException {
    return open("jdbc:sqlite:" + file.toAbsolutePath(), connector);
  }

  /** A database that is gone with the process: for a machine whose disk can't be written. */
  static Database inMemory() throws SQLException {
    return open("jdbc:sqlite::memory:", SQLITE);
  }

  private static Database open(String url, Connector connector) throws SQLException {
    Database database = new Database(connection(url, connector));
    try {
      database.execute("PRAGMA page_size=" + PAGE);
      database.execute("PRAGMA auto_vacuum=INCREMENTAL");
      database.execute("PRAGMA journal_mode=WAL");
      database.execute("PRAGMA synchronous=FULL");
      database.execute("PRAGMA wal_autocheckpoint=256");
      return database;
    } catch (SQLException e) {
      database.closeAfter(e);
      throw e;
    }
  }

  /** The driver unpacks its library where nobody installed it, and goes on if it can't. */
  private static Connection connection(String url, Connector connector) throws SQLException {
    try {
      return connector.connect(url);
    } catch (UnsatisfiedLinkError e) {
      throw new SQLException(
          "SQLite's library can't be loaded: is there room in "
              + System.getProperty("java.io.tmpdir")
              + ", and may programs run from there?",
          e);
    }
  }

  /** Opens a damaged file to read what is left, and leaves it byte for byte as it is. */
  static Database openToRead(Path file) throws SQLException {
    Database database =
        new Database(
            DriverManager.getConnection(
                "jdbc:sqlite:file:" + file.toAbsolutePath() + "?mode=ro&cache=private"));
    try {
      database.execute("PRAGMA query_only=1");
      return database;
    } catch (SQLException e) {
      database.closeAfter(e);
      throw e;
    }
  }

  private static int code(SQLException e) {
    return e.getErrorCode() & 0xFF;
  }

  /** Whether the file itself is damaged or foreign, rather than locked, full or unreadable. */
  static boolean isDamage(SQLException e) {
    return code(e) == SQLITE_CORRUPT || code(e) == SQLITE_NOTADB;
  }

  static boolean isFull(SQLException e) {
    return code(e) == SQLITE_FULL;
  }

  static boolean isBusy(SQLException e) {
    return code(e) == SQLITE_BUSY;
  }

  void carry(Rider rider) {
    riders.add(rider);
  }

  <T> T transaction(String what, Work<T> work) throws StoreException {
    try {
      settle();
      execute("BEGIN IMMEDIATE");
      try {
        T result = work.run();
        for (Rider rider : riders) {
          rider.write();
        }
        execute("COMMIT");
        riders.forEach(Rider::written);
        return result;
      } catch (SQLException | RuntimeException e) {
        riders.forEach(Rider::undone);
        rollback(e);
        throw e;
      }
    } catch (SQLException e) {
      throw StoreException.of(what, e);
    }
  }

  /**
   * After SQLITE_FULL and some I/O errors the database has rolled back by itself; after others a
   * rollback may fail too, and the transaction is still open: see {@link #settle}.
   */
  private void rollback(Exception cause) {
    try {
      execute("ROLLBACK");
    } catch (SQLException e) {
      cause.addSuppressed(e);
      unsettled = true;
    }
  }

  /** Ends a transaction whose rollback failed, so that no later one is refused because of it. */
  private void settle() throws SQLException {
    if (!unsettled) {
      return;
    }
    try {
      execute("ROLLBACK");
    } catch (SQLException e) {
      if (code(e) != SQLITE_ERROR) {
        throw e;
      }
      // SQLITE_ERROR: no transaction is active, which is what is wanted.
    }
    unsettled = false;
  }

  <T> T read(String what, Work<T> work) throws StoreException {
    try {
      return work.run();
    } catch (SQLException e) {
      throw StoreException.of(what, e);
    }
  }

  private PreparedStatement prepared(String sql) throws SQLException {
    PreparedStatement statement = prepared.get(sql);
    if (statement == null) {
      statement = connection.prepareStatement(sql);
      prepared.put(sql, statement);
    }
    return statement;
  }

  /** Runs a statement that changes rows; how many. */
  int update(String sql, Binding binding) throws SQLException {
    PreparedStatement statement = prepared(sql);
    try {
      binding.to(statement);
      return statement.executeUpdate();
    } catch (SQLException e) {
      forget(sql, e);
      throw e;
    }
  }

  /** Runs a query. The reading may not run the same query again. */
  <T> T query(String sql, Binding binding, Reading<T> reading) throws SQLException {
    PreparedStatement statement = prepared(sql);
    try {
      binding.to(statement);
      try (ResultSet row = statement.executeQuery()) {
        return reading.of(row);
      }
    } catch (SQLException e) {
      forget(sql, e);
      throw e;
    }
  }

  /**
   * sqlite-jdbc finalizes a prepared statement whose execution ended with SQLITE_FULL, an I/O error
   * and most others: kept, it would fail for ever after.
   */
  private void forget(String sql, SQLException cause) {
    PreparedStatement statement = prepared.remove(sql);
    try {
      if (statement != null) {
        statement.close();
      }
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
  }

  /** The first column of the first row, or {@code otherwise}. */
  long number(String sql, long otherwise, Binding binding) throws SQLException {
    return query(sql, binding, row -> row.next() ? row.getLong(1) : otherwise);
  }

  long number(String sql) throws SQLException {
    return query(
        sql,
        NOTHING,
        row -> {
          if (!row.next()) {
            throw new SQLException("no row for: " + sql, "", SQLITE_CORRUPT);
          }
          return row.getLong(1);
        });
  }

  void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /**
   * Gives free pages back to the file system. {@code execute} would free a single page of them:
   * only {@code executeUpdate} steps the statement to its end.
   */
  void vacuum(long pages) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate("PRAGMA incremental_vacuum(" + pages + ")");
    }
  }

  @Override
  public void close() throws SQLException {
    prepared.clear();
    connection.close();
  }

  void closeAfter(@Nullable Exception cause) {
    try {
      close();
    } catch (SQLException e) {
      if (cause != null) {
        cause.addSuppressed(e);
      }
    }
  }
}
