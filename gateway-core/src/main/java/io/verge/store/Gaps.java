package io.verge.store;

import io.verge.model.Gap;
import io.verge.model.Lane;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Losses that wait to be told, neighbours merged. Inside a transaction; store thread only. */
final class Gaps {
  /** Times below are milliseconds since a boot, no UTC: 1990-01-01. */
  private static final long UTC_LEAST = 631_152_000_000L;

  private final Database database;

  Gaps(Database database) {
    this.database = database;
  }

  /** Notes a loss; grows the neighbours of the same reason, above and below. */
  void add(Gap gap) throws SQLException {
    Gap merged = gap;
    Optional<Gap> below =
        find(
            "SELECT * FROM gap WHERE lane=? AND bseq_first<? ORDER BY bseq_first DESC LIMIT 1",
            gap.lane(),
            gap.bseqFirst());
    if (below.isPresent() && areNeighbours(below.get(), gap)) {
      merged = merged(below.get(), merged);
    }
    Optional<Gap> above =
        find("SELECT * FROM gap WHERE lane=? AND bseq_first=?", gap.lane(), gap.bseqLast() + 1);
    if (above.isPresent() && areNeighbours(gap, above.get())) {
      remove(above.get());
      merged = merged(merged, above.get());
    }
    put(merged);
  }

  private static boolean areNeighbours(Gap below, Gap above) {
    return below.bseqLast() + 1 == above.bseqFirst()
        && above.rseqFirst() <= below.rseqLast() + 1
        && below.reason().equals(above.reason());
  }

  private static Gap merged(Gap below, Gap above) {
    long[] span =
        span(
            new long[] {below.firstMs(), below.lastMs()},
            new long[] {above.firstMs(), above.lastMs()});
    return new Gap(
        below.lane(),
        below.bseqFirst(),
        above.bseqLast(),
        Math.min(below.rseqFirst(), above.rseqFirst()),
        Math.max(below.rseqLast(), above.rseqLast()),
        below.reason(),
        span[0],
        span[1],
        below.readings() + above.readings());
  }

  /** The span of two; where one is UTC and the other counts from a boot, the UTC one tells more. */
  static long[] span(long[] one, long[] other) {
    if (one[0] >= UTC_LEAST != other[0] >= UTC_LEAST) {
      return one[0] >= UTC_LEAST ? one : other;
    }
    return new long[] {Math.min(one[0], other[0]), Math.max(one[1], other[1])};
  }

  private Optional<Gap> find(String sql, Lane lane, long bseq) throws SQLException {
    return database.query(
        sql,
        s -> {
          s.setInt(1, lane.number());
          s.setLong(2, bseq);
        },
        row -> row.next() ? Optional.of(gap(row)) : Optional.empty());
  }

  private static Gap gap(ResultSet row) throws SQLException {
    return new Gap(
        Lane.of(row.getInt(1)),
        row.getLong(2),
        row.getLong(3),
        row.getLong(4),
        row.getLong(5),
        row.getString(6),
        row.getLong(7),
        row.getLong(8),
        row.getLong(9));
  }

  private void put(Gap gap) throws SQLException {
    database.update(
        "INSERT OR REPLACE INTO gap VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)",
        s -> {
          s.setInt(1, gap.lane().number());
          s.setLong(2, gap.bseqFirst());
          s.setLong(3, gap.bseqLast());
          s.setLong(4, gap.rseqFirst());
          s.setLong(5, gap.rseqLast());
          s.setString(6, gap.reason());
          s.setLong(7, gap.firstMs());
          s.setLong(8, gap.lastMs());
          s.setLong(9, gap.readings());
        });
  }

  void remove(Gap gap) throws SQLException {
    database.update(
        "DELETE FROM gap WHERE lane=? AND bseq_first=?",
        s -> {
          s.setInt(1, gap.lane().number());
          s.setLong(2, gap.bseqFirst());
        });
  }

  List<Gap> first(int most) throws SQLException {
    return database.query(
        "SELECT * FROM gap ORDER BY lane, bseq_first LIMIT ?",
        s -> s.setInt(1, most),
        row -> {
          List<Gap> gaps = new ArrayList<>();
          while (row.next()) {
            gaps.add(gap(row));
          }
          return gaps;
        });
  }

  boolean isEmpty() throws SQLException {
    return database.number("SELECT EXISTS(SELECT 1 FROM gap)") == 0;
  }
}
