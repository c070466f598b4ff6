package io.verge.store;

import io.verge.model.Lane;
import io.verge.model.Stamp;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** What a start looks at in the file; nothing of it grows with the backlog. */
final class Opening {
  /** Set while there is a journal file. */
  private static final String FILE = "journal.file";

  private Opening() {}

  static void migrate(@Nullable Path file, Database database, RandomGenerator random)
      throws SQLException, StoreException {
    long schema = database.number("PRAGMA user_version");
    boolean isNew = schema == 0 && database.number("SELECT count(*) FROM sqlite_schema") == 0;
    if (!isNew && (schema < 1 || schema > Schema.VERSION)) {
      throw new StoreException(
          "cannot open the store "
              + file
              + ": schema version "
              + schema
              + ", expected 1 to "
              + Schema.VERSION,
          StoreException.Kind.DAMAGED);
    }
    if (schema != Schema.VERSION) {
      database.execute("BEGIN IMMEDIATE");
      if (isNew) {
        Schema.create(database, random.nextLong() >>> 1);
      }
      Schema.migrate(database, isNew ? 1 : schema);
      database.execute("COMMIT");
    }
  }

  /** Whether the last run had a journal file. */
  static boolean hadJournalFile(Database database) throws SQLException {
    return meta(database, FILE) == 1;
  }

  /** Whether the last stop was in order. */
  static boolean wasClean(Database database) throws SQLException {
    return meta(database, "clean") == 1;
  }

  static long epoch(Database database) throws SQLException {
    return meta(database, "epoch");
  }

  /** Notes that this run is under way, and whether it has a journal file. */
  static void begin(Database database, boolean hadFile, boolean hasFile) throws SQLException {
    if (hasFile != hadFile) {
      database.update(
          "INSERT OR REPLACE INTO meta VALUES('" + FILE + "', ?)",
          s -> s.setInt(1, hasFile ? 1 : 0));
    }
    database.update("UPDATE meta SET value=0 WHERE key='clean'", Database.NOTHING);
  }

  private static long meta(Database database, String key) throws SQLException {
    return database.number("SELECT value FROM meta WHERE key=?", 0, s -> s.setString(1, key));
  }

  /** Reads every small table that a start needs: damage there is found now, not halfway. */
  static void probe(Database database) throws SQLException, StoreException {
    long lanes = database.number("SELECT count(*) FROM lane WHERE next_bseq>0 AND next_rseq>0");
    if (lanes != Lane.values().length) {
      throw new StoreException("the store has " + lanes + " lanes", StoreException.Kind.DAMAGED);
    }
    database.number("SELECT count(sha256) FROM catalog");
    database.number("SELECT count(length(message)) FROM catalog NOT INDEXED");
    database.number("SELECT count(numbers) FROM keep");
    database.number("SELECT count(*) FROM gap");
  }

  static @Nullable Stamp lastCommit(Database database, Journal journal) throws SQLException {
    if (journal.lastStamp() != null) {
      return journal.lastStamp();
    }
    Optional<Stamp> last =
        database.query(
            "SELECT commit_boot, commit_mono_ms, commit_utc_ms FROM lane WHERE next_rseq>1"
                + " ORDER BY ifnull(commit_utc_ms, 0) DESC, commit_mono_ms DESC LIMIT 1",
            Database.NOTHING,
            row -> {
              if (!row.next() || row.getLong(1) == 0 && row.getLong(2) == 0) {
                return Optional.empty();
              }
              long utc = row.getLong(3);
              return Optional.of(
                  new Stamp(row.getLong(1), row.getLong(2), row.wasNull() ? Stamp.NO_UTC : utc, 0));
            });
    return last.orElse(null);
  }
}
