package io.verge.simulator.backend;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Where databases differ. */
enum LedgerDialect {
  SQLITE {
    @Override
    void prepare(Statement statement, Ledger.Durability durability) throws SQLException {
      statement.execute("PRAGMA busy_timeout=5000");
      statement.execute("PRAGMA journal_mode=WAL");
      statement.execute("PRAGMA synchronous=" + durability);
      statement.execute(begin());
      long version = LedgerSchema.number(statement, "PRAGMA user_version");
      long objects = LedgerSchema.number(statement, "SELECT count(*) FROM sqlite_schema");
      if (version == 0 && objects == 0) {
        LedgerSchema.create(statement, sql -> sql);
        statement.execute("PRAGMA user_version=" + LedgerSchema.VERSION);
      } else {
        LedgerSchema.demand(statement, version);
      }
      statement.execute("COMMIT");
    }

    @Override
    String begin() {
      return "BEGIN IMMEDIATE";
    }

    /** A transaction has the whole file already. */
    @Override
    void lock(Connection connection, long source) {}
  },

  POSTGRESQL {
    @Override
    void prepare(Statement statement, Ledger.Durability durability) throws SQLException {
      statement.execute(
          "SET synchronous_commit=" + (durability == Ledger.Durability.FULL ? "on" : "off"));
      statement.execute(begin());
      // Two receivers may start at once.
      statement.execute("SELECT pg_advisory_xact_lock(" + LOCK + ")");
      if (LedgerSchema.number(
              statement, "SELECT count(*) FROM pg_class WHERE oid=to_regclass('ledger')")
          == 0) {
        statement.execute("CREATE TABLE ledger(version BIGINT NOT NULL)");
        statement.execute("INSERT INTO ledger VALUES(" + LedgerSchema.VERSION + ")");
        LedgerSchema.create(statement, POSTGRESQL::types);
      } else {
        LedgerSchema.demand(
            statement, LedgerSchema.number(statement, "SELECT version FROM ledger"));
      }
      statement.execute("COMMIT");
    }

    @Override
    String begin() {
      return "BEGIN";
    }

    @Override
    void lock(Connection connection, long source) throws SQLException {
      try (PreparedStatement lock =
          connection.prepareStatement("SELECT id FROM source WHERE id=? FOR UPDATE")) {
        lock.setLong(1, source);
        try (ResultSet row = lock.executeQuery()) {
          if (!row.next()) {
            throw new SQLException("source " + source + " is gone");
          }
        }
      }
    }
  };

  /** Any number that nobody else locks. */
  private static final long LOCK = 0x7665726765L;

  /** The tables are written in SQLite's words. */
  String types(String sql) {
    return sql.replace(
            "id INTEGER PRIMARY KEY", "id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY")
        .replace("INTEGER", "BIGINT")
        .replace("BLOB", "BYTEA")
        .replace(" WITHOUT ROWID", "");
  }

  static LedgerDialect of(String url) throws LedgerException {
    for (LedgerDialect dialect : values()) {
      if (url.startsWith("jdbc:" + dialect.name().toLowerCase(java.util.Locale.ROOT) + ":")) {
        return dialect;
      }
    }
    throw new LedgerException(
        "a ledger is a file, jdbc:sqlite:FILE or jdbc:postgresql://HOST/DATABASE, not "
            + url.replaceFirst("^(jdbc:[^:]*).*", "$1"));
  }

  /** Brings the connection and its tables into the state the ledger wants. */
  abstract void prepare(Statement statement, Ledger.Durability durability) throws SQLException;

  abstract String begin();

  /** Makes others' commits of this source wait until the transaction ends. */
  abstract void lock(Connection connection, long source) throws SQLException;
}
