package io.verge.store;

import io.verge.model.Lane;
import io.verge.model.Stamp;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Journal rows, and what drivers keep, in the database. Store thread only. */
final class JournalTable {
  private final Database database;

  JournalTable(Database database) {
    this.database = database;
  }

  /**
   * A lane as the database has it.
   *
   * @param taken rows of records of the journal file up to this number are not wanted from there.
   */
  record Mark(long nextRseq, long taken) {}

  Mark mark(Lane lane) throws SQLException {
    return database.query(
        "SELECT next_rseq, taken FROM lane WHERE lane=?",
        s -> s.setInt(1, lane.number()),
        row -> {
          if (!row.next()) {
            throw new SQLException("no lane " + lane, "", Database.SQLITE_CORRUPT);
          }
          return new Mark(row.getLong(1), row.getLong(2));
        });
  }

  void mark(Lane lane, Mark mark, @Nullable Stamp newest) throws SQLException {
    database.update(
        "UPDATE lane SET next_rseq=?, taken=? WHERE lane=?",
        s -> {
          s.setLong(1, mark.nextRseq());
          s.setLong(2, mark.taken());
          s.setInt(3, lane.number());
        });
    if (newest != null) {
      database.update(
          "UPDATE lane SET commit_boot=?, commit_mono_ms=?, commit_utc_ms=? WHERE lane=?",
          s -> {
            s.setLong(1, newest.boot());
            s.setLong(2, newest.monoMs());
            if (newest.hasUtc()) {
              s.setLong(3, newest.utcMs());
            } else {
              s.setNull(3, Types.INTEGER);
            }
            s.setInt(4, lane.number());
          });
    }
  }

  void insert(CommitRecord.Row row, long rev) throws SQLException {
    database.update(
        "INSERT INTO journal(lane, rseq_first, catalog, body, readings) VALUES(?, ?, ?, ?, ?)",
        s -> {
          s.setInt(1, row.lane().number());
          s.setLong(2, row.rseqFirst());
          s.setLong(3, rev);
          s.setBytes(4, row.body());
          s.setLong(5, row.readings());
        });
  }

  List<Journal.Row> rows(Lane lane, int most) throws SQLException {
    return database.query(
        "SELECT id, rseq_first, catalog, body FROM journal WHERE lane=? ORDER BY id LIMIT ?",
        s -> {
          s.setInt(1, lane.number());
          s.setInt(2, most);
        },
        row -> {
          List<Journal.Row> rows = new ArrayList<>();
          while (row.next()) {
            rows.add(
                new Journal.Row(row.getLong(1), row.getLong(2), row.getLong(3), row.getBytes(4)));
          }
          return rows;
        });
  }

  void delete(Lane lane, long lastId) throws SQLException {
    database.update(
        "DELETE FROM journal WHERE lane=? AND id<=?",
        s -> {
          s.setInt(1, lane.number());
          s.setLong(2, lastId);
        });
  }

  Store.Waiting waiting(Lane lane) throws SQLException {
    return database.query(
        "SELECT count(*), ifnull(sum(readings), 0), ifnull(sum(length(body)), 0)"
            + " FROM journal WHERE lane=?",
        s -> s.setInt(1, lane.number()),
        row -> {
          row.next();
          return new Store.Waiting(row.getInt(1), row.getLong(2), row.getLong(3));
        });
  }

  void keep(String asset, byte[] numbers) throws SQLException {
    database.update(
        "INSERT OR REPLACE INTO keep VALUES(?, ?)",
        s -> {
          s.setString(1, asset);
          s.setBytes(2, numbers);
        });
  }

  Optional<byte[]> kept(String asset) throws SQLException {
    return database.query(
        "SELECT numbers FROM keep WHERE asset=?",
        s -> s.setString(1, asset),
        row -> row.next() ? Optional.of(row.getBytes(1)) : Optional.<byte[]>empty());
  }
}
