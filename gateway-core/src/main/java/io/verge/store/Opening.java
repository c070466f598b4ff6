package io.verge.store;

import io.verge.model.Lane;
import io.verge.model.Stamp;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Opens a store from what its file says; nothing that is looked at grows with the backlog. */
final class Opening {
  /** Set while there is a journal file. */
  private static final String FILE = "journal.file";

  private Opening() {}

  /**
   * @param file of the database; null: in memory.
   * @param database just opened; closed if it turns out to be no store, or a damaged one.
   */
  static Store store(
      @Nullable Path file, Database database, RandomGenerator random, JournalFile.Channels channels)
      throws StoreException {
    Journal journal = null;
    try {
      migrate(file, database, random);
      long epoch = meta(database, "epoch");
      boolean clean = meta(database, "clean") == 1;
      boolean hadFile = meta(database, FILE) == 1;
      Cursors cursors = Cursors.load(database);
      probe(database);
      JournalKeeper keeper = new JournalKeeper(file, epoch, channels, hadFile && !clean);
      journal = Journal.open(database, keeper);
      LastCommit last = new LastCommit(clean, lastCommit(database, journal));
      Store store = new Store(file, random, database, epoch, last, cursors, journal, keeper);
      store.begin(hadFile);
      return store;
    } catch (SQLException e) {
      closeAfter(database, journal, e);
      throw StoreException.of("open the store " + file, e);
    } catch (StoreException e) {
      closeAfter(database, journal, e);
      throw e;
    }
  }

  static void closeAfter(Database database, @Nullable Journal journal, Exception cause) {
    database.closeAfter(cause);
    if (journal != null) {
      try {
        journal.close();
      } catch (IOException e) {
        cause.addSuppressed(e);
      }
    }
  }

  private static void migrate(@Nullable Path file, Database database, RandomGenerator random)
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
  private static void probe(Database database) throws SQLException, StoreException {
    long lanes = database.number("SELECT count(*) FROM lane WHERE next_bseq>0 AND next_rseq>0");
    if (lanes != Lane.values().length) {
      throw new StoreException("the store has " + lanes + " lanes", StoreException.Kind.DAMAGED);
    }
    database.number("SELECT count(sha256) FROM catalog");
    database.number("SELECT count(length(message)) FROM catalog NOT INDEXED");
    database.number("SELECT count(numbers) FROM keep");
    database.number("SELECT count(*) FROM gap");
  }

  private static @Nullable Stamp lastCommit(Database database, Journal journal)
      throws SQLException {
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
