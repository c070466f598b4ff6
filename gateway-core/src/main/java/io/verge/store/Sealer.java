package io.verge.store;

import io.verge.bytes.Decoded;
import io.verge.model.Catalog;
import io.verge.model.Event;
import io.verge.model.Gap;
import io.verge.model.Lane;
import io.verge.model.Sample;
import io.verge.wire.Batch;
import io.verge.wire.BatchCodec;
import io.verge.wire.CatalogCodec;
import io.verge.wire.Clk;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Turns journal rows into one batch, inside a transaction. */
final class Sealer {
  /** Journal rows read for one batch: bounds the heap, whatever waits. */
  private static final int ROWS_MAX = 4096;

  /** Gaps told in one batch; further ones wait for the next. */
  private static final int GAPS_MAX = 256;

  /** A batch of gaps only has no times of samples; its gaps carry their own. */
  private static final Clk NO_TIMES = new Clk(false, 0, 0);

  private final Database database;
  private final long epoch;
  private final Catalog catalog;

  Sealer(Database database, long epoch, Catalog catalog) {
    this.database = database;
    this.epoch = epoch;
    this.catalog = catalog;
  }

  Optional<StoredBatch> seal(Lane lane, int tickMs, Sealing.Clock clock) throws SQLException {
    List<JournalRow> rows = new ArrayList<>();
    List<Long> ids = new ArrayList<>();
    long rseqFirst = 0;
    long rev = 0;
    try (PreparedStatement query =
            database.prepare(
                "SELECT id, rseq_first, catalog, body FROM journal WHERE lane="
                    + lane.number()
                    + " ORDER BY id LIMIT "
                    + ROWS_MAX);
        ResultSet found = query.executeQuery()) {
      while (found.next()) {
        if (rows.isEmpty()) {
          rseqFirst = found.getLong(2);
          rev = found.getLong(3);
        } else if (found.getLong(3) != rev) {
          break;
        }
        Decoded<JournalRow> row = JournalRow.decode(found.getBytes(4));
        if (row instanceof Decoded.Invalid<JournalRow> invalid) {
          throw new SQLException(
              "journal row " + found.getLong(1) + " is damaged: " + invalid.reason());
        }
        ids.add(found.getLong(1));
        rows.add(Sealing.resolved(row.orThrow(), clock));
      }
    }
    List<Gap> gaps = lane == Lane.EVENT ? gaps() : List.of();
    if (rows.isEmpty() && gaps.isEmpty()) {
      return Optional.empty();
    }
    if (rows.isEmpty()) {
      rseqFirst = database.number("SELECT next_rseq FROM lane WHERE lane=" + lane.number());
      rev = catalog.rev();
    }
    Catalog named = catalogOf(rev);
    long bseq = database.number("SELECT next_bseq FROM lane WHERE lane=" + lane.number());
    int take = rows.isEmpty() ? 0 : Sealing.run(rows);
    byte[] message = encode(lane, bseq, rseqFirst, named, tickMs, rows.subList(0, take), gaps);
    while (message.length > Store.BATCH_BYTES_MAX && take > 1) {
      take = Math.max(1, (int) (take * 0.9 * Store.BATCH_BYTES_MAX / message.length));
      message = encode(lane, bseq, rseqFirst, named, tickMs, rows.subList(0, take), gaps);
    }
    int samples = 0;
    int readings = 0;
    for (JournalRow row : rows.subList(0, take)) {
      samples += row.count();
      readings += row.readings();
    }
    StoredBatch batch = new StoredBatch(lane, bseq, rseqFirst, samples, readings, rev, message);
    insert(batch);
    if (take > 0) {
      database.execute(
          "DELETE FROM journal WHERE lane=" + lane.number() + " AND id<=" + ids.get(take - 1));
    }
    if (!gaps.isEmpty()) {
      database.execute(
          "DELETE FROM gap WHERE rowid IN (SELECT rowid FROM gap ORDER BY rowid LIMIT "
              + gaps.size()
              + ")");
    }
    database.execute("UPDATE lane SET next_bseq=" + (bseq + 1) + " WHERE lane=" + lane.number());
    return Optional.of(batch);
  }

  private byte[] encode(
      Lane lane,
      long bseq,
      long rseqFirst,
      Catalog named,
      int tickMs,
      List<JournalRow> rows,
      List<Gap> gaps) {
    List<Sample> samples = new ArrayList<>();
    List<Event> events = new ArrayList<>();
    rows.forEach(
        row -> {
          samples.addAll(row.samples());
          events.addAll(row.events());
        });
    return BatchCodec.encode(
        new Batch(
            epoch,
            lane,
            bseq,
            rseqFirst,
            named.rev(),
            rows.isEmpty() ? NO_TIMES : Sealing.clk(rows),
            tickMs,
            samples,
            events,
            gaps),
        named);
  }

  private List<Gap> gaps() throws SQLException {
    List<Gap> gaps = new ArrayList<>();
    try (PreparedStatement query =
            database.prepare("SELECT * FROM gap ORDER BY rowid LIMIT " + GAPS_MAX);
        ResultSet row = query.executeQuery()) {
      while (row.next()) {
        gaps.add(
            new Gap(
                Lane.of(row.getInt(1)),
                row.getLong(2),
                row.getLong(3),
                row.getLong(4),
                row.getLong(5),
                row.getString(6),
                row.getLong(7),
                row.getLong(8),
                row.getLong(9)));
      }
    }
    return gaps;
  }

  private Catalog catalogOf(long rev) throws SQLException {
    if (rev == catalog.rev()) {
      return catalog;
    }
    try (PreparedStatement find = database.prepare("SELECT message FROM catalog WHERE rev=?")) {
      find.setLong(1, rev);
      try (ResultSet row = find.executeQuery()) {
        if (!row.next()) {
          throw new SQLException("the journal names catalog " + rev + ", which is not stored");
        }
        return CatalogCodec.decode(row.getBytes(1)).orThrow();
      }
    }
  }

  private void insert(StoredBatch batch) throws SQLException {
    try (PreparedStatement insert =
        database.prepare("INSERT INTO batch VALUES(?, ?, ?, ?, ?, ?, ?)")) {
      insert.setInt(1, batch.lane().number());
      insert.setLong(2, batch.bseq());
      insert.setLong(3, batch.rseqFirst());
      insert.setInt(4, batch.samples());
      insert.setInt(5, batch.readings());
      insert.setLong(6, batch.catalogRev());
      insert.setBytes(7, batch.message());
      insert.executeUpdate();
    }
  }
}
