package io.verge.store;

/** The tables of a store, version 1. */
final class Schema {
  static final String[] CREATE = {
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
    "CREATE TABLE gap(lane INTEGER NOT NULL, bseq_first INTEGER NOT NULL, bseq_last INTEGER NOT"
        + " NULL, rseq_first INTEGER NOT NULL, rseq_last INTEGER NOT NULL, reason TEXT NOT NULL,"
        + " t_first INTEGER NOT NULL, t_last INTEGER NOT NULL, readings INTEGER NOT NULL)",
    "CREATE TABLE command(id TEXT PRIMARY KEY, body BLOB NOT NULL, origin TEXT NOT NULL, state INTEGER NOT"
        + " NULL, why TEXT NOT NULL, details BLOB NOT NULL, updated INTEGER NOT NULL)",
    "CREATE TABLE keep(asset TEXT PRIMARY KEY, numbers BLOB NOT NULL) WITHOUT ROWID",
  };

  private Schema() {}
}
