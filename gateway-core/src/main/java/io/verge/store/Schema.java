package io.verge.store;

import io.verge.bytes.Decoded;
import io.verge.model.Lane;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The tables of a store, version 3, and the way there from every version before. */
final class Schema {
  static final int VERSION = 3;

  /** Version 1, as it was: a new store walks through all versions, as an old one does. */
  private static final String[] VERSION_1 = {
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

  /**
   * Columns with a default cost no rewrite of the rows. {@code handed}: highest batch whose bytes
   * may have left; {@code commit_}: when the lane was last written; {@code shed}: readings given
   * up; {@code batch_bytes}: of all messages kept; {@code t_first} is null in batches of version 1:
   * their times are read from their bytes.
   */
  private static final String[] VERSION_2 = {
    "ALTER TABLE lane ADD COLUMN handed INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE lane ADD COLUMN commit_boot INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE lane ADD COLUMN commit_mono_ms INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE lane ADD COLUMN commit_utc_ms INTEGER",
    "ALTER TABLE lane ADD COLUMN shed INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE lane ADD COLUMN batch_bytes INTEGER NOT NULL DEFAULT 0",
    "UPDATE lane SET handed=next_bseq-1",
    "ALTER TABLE journal ADD COLUMN readings INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE batch ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE batch ADD COLUMN t_first INTEGER",
    "ALTER TABLE batch ADD COLUMN t_last INTEGER",
    "ALTER TABLE batch ADD COLUMN thinned INTEGER NOT NULL DEFAULT 0",
    "UPDATE batch SET bytes=length(message)",
    "UPDATE lane SET batch_bytes=(SELECT ifnull(sum(bytes), 0) FROM batch WHERE"
        + " batch.lane=lane.lane)",
    "CREATE INDEX batch_size ON batch(lane, bseq, bytes, readings)",
    "ALTER TABLE gap RENAME TO gap_1",
    "CREATE TABLE gap(lane INTEGER NOT NULL, bseq_first INTEGER NOT NULL, bseq_last INTEGER NOT"
        + " NULL, rseq_first INTEGER NOT NULL, rseq_last INTEGER NOT NULL, reason TEXT NOT NULL,"
        + " t_first INTEGER NOT NULL, t_last INTEGER NOT NULL, readings INTEGER NOT NULL,"
        + " PRIMARY KEY(lane, bseq_first)) WITHOUT ROWID",
    "INSERT OR REPLACE INTO gap SELECT * FROM gap_1",
    "DROP TABLE gap_1",
  };

  /**
   * {@code taken}: the lane's rows of the journal file are in the database up to the record of this
   * number. {@code crc}: CRC-32C of a batch's message; null in batches of older versions. The
   * journal loses its index and AUTOINCREMENT: it is short, and each cost pages.
   */
  private static final String[] VERSION_3 = {
    "ALTER TABLE lane ADD COLUMN taken INTEGER NOT NULL DEFAULT 0",
    "CREATE TABLE journal_3(id INTEGER PRIMARY KEY, lane INTEGER NOT NULL, rseq_first INTEGER NOT"
        + " NULL, catalog INTEGER NOT NULL, body BLOB NOT NULL, readings INTEGER NOT NULL)",
    "INSERT INTO journal_3 SELECT id, lane, rseq_first, catalog, body, readings FROM journal",
    "DROP TABLE journal",
    "ALTER TABLE journal_3 RENAME TO journal",
    "ALTER TABLE batch ADD COLUMN crc INTEGER",
  };

  private Schema() {}

  /** Makes the tables of version 1, inside a transaction; {@link #migrate} does the rest. */
  static void create(Database database, long epoch) throws SQLException {
    for (String statement : VERSION_1) {
      database.execute(statement);
    }
    for (Lane lane : Lane.values()) {
      database.execute("INSERT INTO lane VALUES(" + lane.number() + ", 1, 1)");
    }
    database.execute("INSERT INTO meta VALUES('epoch', " + epoch + "), ('clean', 1)");
    database.execute("PRAGMA user_version=1");
  }

  /** Inside a transaction: a migration that is cut off leaves the version before. */
  static void migrate(Database database, long from) throws SQLException {
    if (from < 2) {
      for (String statement : VERSION_2) {
        database.execute(statement);
      }
      countJournal(database);
      database.execute("PRAGMA user_version=2");
    }
    if (from < 3) {
      for (String statement : VERSION_3) {
        database.execute(statement);
      }
      database.execute("PRAGMA user_version=3");
    }
  }

  private static void countJournal(Database database) throws SQLException {
    List<long[]> counts = new ArrayList<>();
    database.query(
        "SELECT id, body FROM journal",
        Database.NOTHING,
        row -> {
          while (row.next()) {
            if (JournalRow.decode(row.getBytes(2)) instanceof Decoded.Valid<JournalRow> valid) {
              counts.add(new long[] {row.getLong(1), valid.value().readings()});
            }
          }
          return true;
        });
    for (long[] count : counts) {
      database.update(
          "UPDATE journal SET readings=? WHERE id=?",
          s -> {
            s.setLong(1, count[1]);
            s.setLong(2, count[0]);
          });
    }
  }
}
