package io.verge.simulator.backend;

import com.google.gson.Gson;
import io.verge.model.Event;
import io.verge.model.Gap;
import io.verge.model.Sample;
import io.verge.model.Stamp;
import io.verge.wire.Batch;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Collection;

/**
 * Writes the rows that a batch becomes: itself, its readings, events and gaps. Called inside the
 * ledger's transactions, which decide whether the batch is the next one.
 */
final class BatchRows {
  /** Rows bound before they are handed to SQLite: bounds the heap. */
  private static final int ROWS_MAX = 1000;

  private final Gson gson = new Gson();
  private final Names names;
  private final PreparedStatement insertReading;
  private final PreparedStatement insertEvent;
  private final PreparedStatement insertBatch;
  private final PreparedStatement insertGap;

  BatchRows(Connection connection, Names names) throws SQLException {
    this.names = names;
    insertReading =
        connection.prepareStatement("INSERT INTO reading_row VALUES(?,?,?,?,?,?,?,?,?,?)");
    insertEvent = connection.prepareStatement("INSERT INTO event_row VALUES(?,?,?,?,?,?,?,?,?,?)");
    insertBatch = connection.prepareStatement("INSERT INTO batch VALUES(?,?,?,?,?,?,?)");
    insertGap =
        connection.prepareStatement(
            "INSERT INTO gap VALUES(?,?,?,?,?,?,?,?,?,?) ON CONFLICT DO NOTHING");
  }

  /** The batch, its readings and its events. */
  void put(long source, Batch batch, KnownCatalog catalog, int bytes, long nowMs)
      throws SQLException {
    insertBatch.setLong(1, source);
    insertBatch.setInt(2, batch.lane().number());
    insertBatch.setLong(3, batch.bseq());
    insertBatch.setLong(4, batch.rseqFirst());
    insertBatch.setInt(5, batch.count());
    insertBatch.setInt(6, bytes);
    insertBatch.setLong(7, nowMs);
    insertBatch.executeUpdate();
    readings(source, batch, catalog);
    events(source, batch, catalog);
  }

  private void readings(long source, Batch batch, KnownCatalog catalog) throws SQLException {
    catalog.number(names);
    long rseq = batch.rseqFirst();
    int waiting = 0;
    for (Sample sample : batch.samples()) {
      long[] values = sample.values();
      for (int point = 0; point < values.length; point++) {
        insertReading.setLong(1, source);
        insertReading.setInt(2, batch.lane().number());
        insertReading.setLong(3, batch.bseq());
        insertReading.setLong(4, rseq);
        insertReading.setLong(6, catalog.asset(sample.device()));
        stamp(insertReading, 7, sample.stamp());
        insertReading.setLong(5, catalog.point(sample.device(), point));
        if (values[point] == Sample.NONE) {
          insertReading.setNull(9, Types.INTEGER);
        } else {
          insertReading.setLong(9, values[point]);
        }
        insertReading.setInt(10, sample.qualityOf(point).code());
        insertReading.addBatch();
        if (++waiting == ROWS_MAX) {
          insertReading.executeBatch();
          waiting = 0;
        }
      }
      rseq++;
    }
    if (waiting > 0) {
      insertReading.executeBatch();
    }
  }

  private static void stamp(PreparedStatement insert, int column, Stamp stamp) throws SQLException {
    if (stamp.hasUtc()) {
      insert.setNull(column, Types.INTEGER);
      insert.setLong(column + 1, stamp.utcMs());
    } else {
      insert.setLong(column, stamp.boot());
      insert.setLong(column + 1, stamp.monoMs());
    }
  }

  private void events(long source, Batch batch, KnownCatalog catalog) throws SQLException {
    long rseq = batch.rseqFirst() + batch.samples().size();
    for (Event event : batch.events()) {
      insertEvent.setLong(1, source);
      insertEvent.setInt(2, batch.lane().number());
      insertEvent.setLong(3, batch.bseq());
      insertEvent.setLong(4, rseq++);
      stamp(insertEvent, 5, event.stamp());
      insertEvent.setString(7, event.kind());
      insertEvent.setInt(8, event.severity().number());
      if (event.device() == Event.NO_DEVICE) {
        insertEvent.setNull(9, Types.INTEGER);
      } else {
        insertEvent.setLong(9, catalog.asset(event.device()));
      }
      insertEvent.setString(10, gson.toJson(event.details()));
      insertEvent.addBatch();
    }
    if (!batch.events().isEmpty()) {
      insertEvent.executeBatch();
    }
  }

  /** What is declared lost, as often as it is declared: a gap is one row. */
  void putGaps(long source, Collection<Gap> gaps) throws SQLException {
    for (Gap gap : gaps) {
      insertGap.setLong(1, source);
      insertGap.setInt(2, gap.lane().number());
      insertGap.setLong(3, gap.bseqFirst());
      insertGap.setLong(4, gap.bseqLast());
      insertGap.setLong(5, gap.rseqFirst());
      insertGap.setLong(6, gap.rseqLast());
      insertGap.setString(7, gap.reason());
      insertGap.setLong(8, gap.firstMs());
      insertGap.setLong(9, gap.lastMs());
      insertGap.setLong(10, gap.readings());
      insertGap.executeUpdate();
    }
  }

  /** Drops what a transaction that failed had bound. */
  void clear() throws SQLException {
    insertReading.clearBatch();
    insertEvent.clearBatch();
  }
}
