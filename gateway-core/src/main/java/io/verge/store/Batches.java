package io.verge.store;

import io.verge.model.Lane;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Sealed batches as they are read. Store thread only. */
final class Batches {
  /**
   * Batches that may leave before the next write notes how far bytes may have left: what may have
   * left is never rewritten.
   */
  private static final int HANDED_AHEAD = 8;

  /** Of a batch; the last one, from schema version 3 on. */
  private static final int CRC_COLUMN = 12;

  private final Database database;

  Batches(Database database) {
    this.database = database;
  }

  /**
   * The first batch of the lane above {@code afterBseq}, acked or not; from now on its bytes count
   * as sent.
   */
  Optional<StoredBatch> next(Lane lane, long afterBseq) throws StoreException {
    Optional<StoredBatch> found =
        database.read(
            "read a batch",
            () ->
                database.query(
                    "SELECT * FROM batch WHERE lane=? AND bseq>? ORDER BY bseq LIMIT 1",
                    s -> {
                      s.setInt(1, lane.number());
                      s.setLong(2, afterBseq);
                    },
                    row -> row.next() ? Optional.of(of(row)) : Optional.empty()));
    if (found.isPresent()) {
      hand(lane, found.get().bseq());
    }
    return found;
  }

  /**
   * The highest batch that a back end can know of: the one before the first that never left.
   *
   * @param next the lane's next batch.
   */
  long seen(Lane lane, long next) throws StoreException {
    return database.read(
        "look for what never left",
        () ->
            database.number(
                "SELECT ifnull((SELECT bseq FROM batch WHERE lane=?1 AND bseq>(SELECT handed FROM"
                    + " lane WHERE lane=?1) ORDER BY bseq LIMIT 1), ?2)-1",
                0,
                s -> {
                  s.setInt(1, lane.number());
                  s.setLong(2, next);
                }));
  }

  /**
   * A row of {@code SELECT *}.
   *
   * @throws SQLException with SQLITE_CORRUPT if the message is not what was sealed.
   */
  static StoredBatch of(ResultSet row) throws SQLException {
    byte[] message = row.getBytes(7);
    if (!isWhole(row, message)) {
      throw new SQLException(
          "batch " + row.getLong(2) + " of lane " + row.getInt(1) + " is not what was sealed",
          "",
          Database.SQLITE_CORRUPT);
    }
    return new StoredBatch(
        Lane.of(row.getInt(1)),
        row.getLong(2),
        row.getLong(3),
        row.getInt(4),
        row.getInt(5),
        row.getLong(6),
        message);
  }

  /** Whether the checksum of a row of {@code SELECT *} fits, where there is one. */
  static boolean isWhole(ResultSet row, byte @Nullable [] message) throws SQLException {
    if (message == null || row.getMetaData().getColumnCount() < CRC_COLUMN) {
      return message != null;
    }
    int crc = (int) row.getLong(CRC_COLUMN);
    return row.wasNull() || crc == JournalRow.Crc.of(message, 0, message.length);
  }

  /** First and last moment of a batch, milliseconds, as its row has them; 0 where it has none. */
  long[] span(StoredBatch batch) throws SQLException {
    return database.query(
        "SELECT ifnull(t_first, 0), ifnull(t_last, 0) FROM batch WHERE lane=? AND bseq=?",
        s -> {
          s.setInt(1, batch.lane().number());
          s.setLong(2, batch.bseq());
        },
        row -> row.next() ? new long[] {row.getLong(1), row.getLong(2)} : new long[] {0, 0});
  }

  private void hand(Lane lane, long bseq) throws StoreException {
    long handed =
        database.read(
            "look at a lane",
            () ->
                database.number(
                    "SELECT handed FROM lane WHERE lane=?", 0, s -> s.setInt(1, lane.number())));
    if (bseq > handed) {
      database.transaction(
          "note what was sent",
          () ->
              database.update(
                  "UPDATE lane SET handed=min(next_bseq-1, ?) WHERE lane=?",
                  s -> {
                    s.setLong(1, bseq + HANDED_AHEAD);
                    s.setInt(2, lane.number());
                  }));
    }
  }

  /**
   * Counts the lane's batches on disk, in an index that is some thousandth of them.
   *
   * @param acked by every uplink.
   */
  StoreView.Held held(Lane lane, long acked) throws StoreException {
    return database.read(
        "count batches",
        () ->
            database.query(
                "SELECT count(*), ifnull(sum(bseq>?1), 0), ifnull(sum(iif(bseq>?1, bytes, 0)), 0),"
                    + " (SELECT shed FROM lane WHERE lane=?2) FROM batch INDEXED BY batch_size"
                    + " WHERE lane=?2",
                s -> {
                  s.setLong(1, acked);
                  s.setInt(2, lane.number());
                },
                row -> {
                  row.next();
                  return new StoreView.Held(
                      row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4));
                }));
  }
}
