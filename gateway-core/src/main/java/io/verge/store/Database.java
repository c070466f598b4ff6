package io.verge.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/**
 * One connection to one SQLite file in WAL mode with {@code synchronous=FULL}. Transactions are SQL
 * text: after SQLITE_FULL the database has already rolled back, and JDBC's own transaction mode
 * does not notice. One thread.
 */
final class Database implements AutoCloseable {
  /** Result codes after which the file, not its surroundings, is what is wrong. */
  private static final int SQLITE_CORRUPT = 11;

  private static final int SQLITE_NOTADB = 26;

  /** Work inside the database. */
  interface Work<T> {
    T run() throws SQLException;
  }

  /** Binds the parameters of a statement. */
  interface Binding {
    void to(PreparedStatement statement) throws SQLException;
  }

  private final Connection connection;

  private Database(Connection connection) {
    this.connection = connection;
  }

  /**
   * @throws SQLException if the file can't be opened as a database.
   */
  static Database open(Path file) throws SQLException {
    Database database =
        new Database(DriverManager.getConnection("jdbc:sqlite:" + file.toAbsolutePath()));
    try {
      database.execute("PRAGMA page_size=4096");
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

  /** Whether the file itself is damaged or foreign, rather than locked, full or unreadable. */
  static boolean isDamage(SQLException e) {
    int code = e.getErrorCode() & 0xFF;
    return code == SQLITE_CORRUPT || code == SQLITE_NOTADB;
  }

  <T> T transaction(String what, Work<T> work) throws StoreException {
    try {
      execute("BEGIN IMMEDIATE");
      try {
        T result = work.run();
        execute("COMMIT");
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
      execute("ROLLBACK");
    } catch (SQLException alreadyRolledBack) {
      cause.addSuppressed(alreadyRolledBack);
    }
  }

  <T> T read(String what, Work<T> work) throws StoreException {
    try {
      return work.run();
    } catch (SQLException e) {
      throw new StoreException("cannot " + what + ": " + e.getMessage(), e);
    }
  }

  PreparedStatement prepare(String sql) throws SQLException {
    return connection.prepareStatement(sql);
  }

  /** Runs a statement that changes rows; how many. */
  int update(String sql, Binding binding) throws SQLException {
    try (PreparedStatement statement = prepare(sql)) {
      binding.to(statement);
      return statement.executeUpdate();
    }
  }

  /** The first column of the first row, or {@code otherwise}. */
  long number(String sql, long otherwise, Binding binding) throws SQLException {
    try (PreparedStatement statement = prepare(sql)) {
      binding.to(statement);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? row.getLong(1) : otherwise;
      }
    }
  }

  long number(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      if (!row.next()) {
        throw new SQLException("no row for: " + sql);
      }
      return row.getLong(1);
    }
  }

  void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }

  void closeAfter(@Nullable Exception cause) {
    try {
      connection.close();
    } catch (SQLException e) {
      if (cause != null) {
        cause.addSuppressed(e);
      }
    }
  }
}
