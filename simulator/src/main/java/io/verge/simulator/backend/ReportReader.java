package io.verge.simulator.backend;

import io.verge.model.Lane;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts the ledger. It trusts no mark and no batch head: numbers are counted where the readings
 * and events are.
 */
final class ReportReader {
  private ReportReader() {}

  static Report read(Connection connection) throws SQLException {
    List<Report.Row> rows = new ArrayList<>();
    try (PreparedStatement sources =
            connection.prepareStatement("SELECT id, gateway, epoch FROM source ORDER BY 2, 1");
        ResultSet source = sources.executeQuery()) {
      while (source.next()) {
        for (Lane lane : Lane.values()) {
          rows.add(row(connection, source, lane));
        }
      }
    }
    Map<String, Long> byType = new LinkedHashMap<>();
    try (PreparedStatement types =
            connection.prepareStatement(
                "SELECT a.type, sum(r.n) FROM (SELECT asset, count(*) AS n FROM reading_row"
                    + " GROUP BY asset) r JOIN asset a ON a.id=r.asset GROUP BY a.type ORDER BY 1");
        ResultSet type = types.executeQuery()) {
      while (type.next()) {
        byType.put(type.getString(1), type.getLong(2));
      }
    }
    return new Report(rows, byType);
  }

  private static Report.Row row(Connection connection, ResultSet source, Lane lane)
      throws SQLException {
    long id = source.getLong(1);
    long[] batches =
        numbers(
            connection,
            "SELECT count(*), coalesce(sum(bytes), 0) FROM batch WHERE source=? AND lane=?",
            id,
            lane);
    long readings =
        numbers(connection, "SELECT count(*) FROM reading_row WHERE source=? AND lane=?", id, lane)[
            0];
    long mark =
        numbers(
            connection,
            "SELECT coalesce(max(bseq), 0) FROM mark_row WHERE source=? AND lane=?",
            id,
            lane)[0];
    Tally tally = new Tally(gaps(connection, id, lane));
    // A reading's point is in its key, so a number that is there twice is so in another batch.
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT rseq FROM (SELECT DISTINCT bseq, rseq FROM reading_row"
                + " WHERE source=? AND lane=? UNION ALL"
                + " SELECT bseq, rseq FROM event_row WHERE source=? AND lane=?) n ORDER BY rseq")) {
      query.setLong(1, id);
      query.setInt(2, lane.number());
      query.setLong(3, id);
      query.setInt(4, lane.number());
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          tally.stored(row.getLong(1));
        }
      }
    }
    tally.end();
    return new Report.Row(
        source.getString(2),
        source.getLong(3),
        lane,
        mark,
        batches[0],
        batches[1],
        tally.first,
        tally.last,
        tally.stored,
        tally.declared,
        tally.missing,
        tally.duplicates,
        readings);
  }

  private static long[][] gaps(Connection connection, long source, Lane lane) throws SQLException {
    List<long[]> gaps = new ArrayList<>();
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT rseq_first, rseq_last FROM gap WHERE source=? AND lane=? ORDER BY 1, 2")) {
      query.setLong(1, source);
      query.setInt(2, lane.number());
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          gaps.add(new long[] {row.getLong(1), row.getLong(2)});
        }
      }
    }
    return gaps.toArray(new long[0][]);
  }

  private static long[] numbers(Connection connection, String sql, long source, Lane lane)
      throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(sql)) {
      query.setLong(1, source);
      query.setInt(2, lane.number());
      try (ResultSet row = query.executeQuery()) {
        long[] values = new long[row.getMetaData().getColumnCount()];
        for (int i = 0; row.next() && i < values.length; i++) {
          for (int column = 0; column < values.length; column++) {
            values[column] = row.getLong(column + 1);
          }
        }
        return values;
      }
    }
  }

  /** Walks the stored numbers upwards beside the declared ranges. */
  private static final class Tally {
    private final long[][] gaps;
    private int gap;
    long first;
    long last;
    long stored;
    long declared;
    long missing;
    long duplicates;

    Tally(long[][] gaps) {
      this.gaps = gaps;
    }

    void stored(long number) {
      if (stored > 0 && number == last) {
        duplicates++;
        return;
      }
      absent(last + 1, number - 1);
      stored++;
      last = number;
      if (first == 0) {
        first = number;
      }
    }

    void end() {
      long end = last;
      for (long[] range : gaps) {
        end = Math.max(end, range[1]);
      }
      absent(last + 1, end);
      last = end;
    }

    /** Sorts a run of numbers that are not stored into declared and missing. */
    private void absent(long from, long to) {
      long at = from;
      while (at <= to) {
        while (gap < gaps.length && gaps[gap][1] < at) {
          gap++;
        }
        long declaredFrom = gap < gaps.length ? Math.max(at, gaps[gap][0]) : to + 1;
        if (declaredFrom > at) {
          missing += Math.min(declaredFrom, to + 1) - at;
          at = declaredFrom;
        } else {
          long until = Math.min(to, gaps[gap][1]);
          declared += until - at + 1;
          if (first == 0) {
            first = at;
          }
          at = until + 1;
        }
      }
    }
  }
}
