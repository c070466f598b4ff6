package io.verge.simulator.backend;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.UnaryOperator;

/** The tables of the ledger, and the views that show them with names. */
final class LedgerSchema {
  static final int VERSION = 1;

  private static final String[] CREATE = {
    "CREATE TABLE source(id INTEGER PRIMARY KEY, gateway TEXT NOT NULL, epoch INTEGER NOT NULL,"
        + " UNIQUE(gateway, epoch))",
    "CREATE TABLE asset(id INTEGER PRIMARY KEY, gateway TEXT NOT NULL, name TEXT NOT NULL,"
        + " type TEXT NOT NULL, UNIQUE(gateway, name, type))",
    "CREATE TABLE point(id INTEGER PRIMARY KEY, name TEXT NOT NULL, unit TEXT NOT NULL,"
        + " decimals INTEGER NOT NULL, UNIQUE(name, unit, decimals))",
    "CREATE TABLE catalog_row(source INTEGER NOT NULL, rev INTEGER NOT NULL,"
        + " message BLOB NOT NULL, PRIMARY KEY(source, rev))",
    "CREATE TABLE mark_row(source INTEGER NOT NULL, lane INTEGER NOT NULL, bseq INTEGER NOT NULL,"
        + " PRIMARY KEY(source, lane)) WITHOUT ROWID",
    "CREATE TABLE batch(source INTEGER NOT NULL, lane INTEGER NOT NULL, bseq INTEGER NOT NULL,"
        + " rseq_first INTEGER NOT NULL, count INTEGER NOT NULL, bytes INTEGER NOT NULL,"
        + " received_ms INTEGER NOT NULL, PRIMARY KEY(source, lane, bseq)) WITHOUT ROWID",
    "CREATE TABLE reading_row(source INTEGER NOT NULL, lane INTEGER NOT NULL,"
        + " bseq INTEGER NOT NULL, rseq INTEGER NOT NULL, point INTEGER NOT NULL,"
        + " asset INTEGER NOT NULL, boot INTEGER, ms INTEGER NOT NULL, value INTEGER,"
        + " quality INTEGER NOT NULL, PRIMARY KEY(source, lane, bseq, rseq, point)) WITHOUT ROWID",
    "CREATE TABLE event_row(source INTEGER NOT NULL, lane INTEGER NOT NULL,"
        + " bseq INTEGER NOT NULL, rseq INTEGER NOT NULL, boot INTEGER, ms INTEGER NOT NULL,"
        + " kind TEXT NOT NULL, severity INTEGER NOT NULL, asset INTEGER, details TEXT NOT NULL,"
        + " PRIMARY KEY(source, lane, bseq, rseq)) WITHOUT ROWID",
    "CREATE TABLE gap(source INTEGER NOT NULL, lane INTEGER NOT NULL, bseq_first INTEGER NOT NULL,"
        + " bseq_last INTEGER NOT NULL, rseq_first INTEGER NOT NULL, rseq_last INTEGER NOT NULL,"
        + " reason TEXT NOT NULL, t_first INTEGER NOT NULL, t_last INTEGER NOT NULL,"
        + " readings INTEGER NOT NULL,"
        + " PRIMARY KEY(source, lane, rseq_first, rseq_last, bseq_first, bseq_last)) WITHOUT ROWID",
    "CREATE TABLE command(gateway TEXT NOT NULL, id TEXT NOT NULL, target TEXT NOT NULL,"
        + " op TEXT NOT NULL, args TEXT NOT NULL, issued_ms INTEGER NOT NULL,"
        + " PRIMARY KEY(gateway, id)) WITHOUT ROWID",
    "CREATE VIEW reading AS SELECT s.gateway, s.epoch, r.lane, r.bseq, r.rseq, a.name AS asset,"
        + " a.type, p.name AS point, CASE WHEN r.boot IS NULL THEN r.ms END AS utc_ms, r.boot,"
        + " CASE WHEN r.boot IS NOT NULL THEN r.ms END AS mono_ms, r.value, p.decimals, p.unit,"
        + " r.quality FROM reading_row r JOIN source s ON s.id=r.source"
        + " JOIN asset a ON a.id=r.asset JOIN point p ON p.id=r.point",
    "CREATE VIEW event AS SELECT s.gateway, s.epoch, e.lane, e.bseq, e.rseq,"
        + " CASE WHEN e.boot IS NULL THEN e.ms END AS utc_ms, e.boot,"
        + " CASE WHEN e.boot IS NOT NULL THEN e.ms END AS mono_ms, e.kind, e.severity,"
        + " a.name AS asset, e.details FROM event_row e JOIN source s ON s.id=e.source"
        + " LEFT JOIN asset a ON a.id=e.asset",
    "CREATE VIEW mark AS SELECT s.gateway, s.epoch, m.lane, m.bseq FROM mark_row m"
        + " JOIN source s ON s.id=m.source",
    "CREATE VIEW catalog AS SELECT s.gateway, s.epoch, c.rev, c.message FROM catalog_row c"
        + " JOIN source s ON s.id=c.source",
  };

  private LedgerSchema() {}

  static void create(Statement statement, UnaryOperator<String> words) throws SQLException {
    for (String create : CREATE) {
      statement.execute(words.apply(create));
    }
  }

  static void demand(Statement statement, long version) throws SQLException {
    if (version != VERSION) {
      statement.execute("ROLLBACK");
      throw new SQLException("not a ledger of schema " + VERSION + " but " + version);
    }
  }

  static long number(Statement statement, String query) throws SQLException {
    try (ResultSet row = statement.executeQuery(query)) {
      return row.next() ? row.getLong(1) : 0;
    }
  }
}
