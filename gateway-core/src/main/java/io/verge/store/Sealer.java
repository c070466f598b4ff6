package io.verge.store;

import io.verge.bytes.Decoded;
import io.verge.model.Catalog;
import io.verge.model.Event;
import io.verge.model.Gap;
import io.verge.model.Lane;
import io.verge.model.Sample;
import io.verge.wire.Batch;
import io.verge.wire.BatchCodec;
import io.verge.wire.Clk;
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
  private final Journal journal;
  private final long epoch;
  private final Catalog catalog;
  private final Catalogs catalogs;
  private final Gaps losses;

  Sealer(
      Database database,
      Journal journal,
      long epoch,
      Catalog catalog,
      Catalogs catalogs,
      Gaps losses) {
    this.database = database;
    this.journal = journal;
    this.epoch = epoch;
    this.catalog = catalog;
    this.catalogs = catalogs;
    this.losses = losses;
  }

  /** Journal rows of one catalog, oldest first. */
  private record Rows(List<JournalRow> rows, List<Journal.Row> stored, long rseqFirst, long rev) {}

  Optional<StoredBatch> seal(Lane lane, int tickMs, Sealing.Clock clock, int bytesMax)
      throws SQLException {
    Rows found = rows(lane, clock);
    List<JournalRow> rows = found.rows();
    List<Gap> gaps = lane == Lane.EVENT ? losses.first(GAPS_MAX) : List.of();
    if (rows.isEmpty() && gaps.isEmpty()) {
      return Optional.empty();
    }
    Catalog named = found.rev() == catalog.rev() ? catalog : catalogs.of(found.rev());
    long bseq =
        database.number(
            "SELECT next_bseq FROM lane WHERE lane=?", 0, s -> s.setInt(1, lane.number()));
    int take = rows.isEmpty() ? 0 : Sealing.run(rows);
    long first = found.rseqFirst();
    byte[] message = encode(lane, bseq, first, named, tickMs, rows.subList(0, take), gaps);
    while (message.length > bytesMax && take > 1) {
      take = Math.max(1, (int) (take * 0.9 * bytesMax / message.length));
      message = encode(lane, bseq, first, named, tickMs, rows.subList(0, take), gaps);
    }
    List<JournalRow> taken = rows.subList(0, take);
    int samples = 0;
    int readings = 0;
    for (JournalRow row : taken) {
      samples += row.count();
      readings += row.readings();
    }
    StoredBatch batch = new StoredBatch(lane, bseq, first, samples, readings, named.rev(), message);
    insert(database, batch, Sealing.span(taken), false);
    journal.forget(lane, found.stored().subList(0, take));
    for (Gap gap : gaps) {
      losses.remove(gap);
    }
    database.update(
        "UPDATE lane SET next_bseq=? WHERE lane=?",
        s -> {
          s.setLong(1, bseq + 1);
          s.setInt(2, lane.number());
        });
    return Optional.of(batch);
  }

  private Rows rows(Lane lane, Sealing.Clock clock) throws SQLException {
    List<JournalRow> rows = new ArrayList<>();
    List<Journal.Row> stored = journal.rows(lane, ROWS_MAX);
    if (stored.isEmpty()) {
      return new Rows(rows, stored, journal.next(lane), catalog.rev());
    }
    Journal.Row first = stored.get(0);
    for (Journal.Row one : stored) {
      if (one.rev() != first.rev()) {
        break;
      }
      Decoded<JournalRow> row = JournalRow.decode(one.body());
      if (row instanceof Decoded.Invalid<JournalRow> invalid) {
        throw new SQLException(
            "journal row " + one.id() + " is damaged: " + invalid.reason(),
            "",
            Database.SQLITE_CORRUPT);
      }
      rows.add(Sealing.resolved(row.orThrow(), clock));
    }
    return new Rows(rows, stored, first.rseqFirst(), first.rev());
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

  static void insert(Database database, StoredBatch batch, long[] span, boolean thinned)
      throws SQLException {
    database.update(
        "INSERT INTO batch(lane, bseq, rseq_first, samples, readings, catalog, message, bytes,"
            + " t_first, t_last, thinned, crc) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        s -> {
          s.setInt(1, batch.lane().number());
          s.setLong(2, batch.bseq());
          s.setLong(3, batch.rseqFirst());
          s.setInt(4, batch.samples());
          s.setInt(5, batch.readings());
          s.setLong(6, batch.catalogRev());
          s.setBytes(7, batch.message());
          s.setInt(8, batch.message().length);
          s.setLong(9, span[0]);
          s.setLong(10, span[1]);
          s.setInt(11, thinned ? 1 : 0);
          s.setLong(12, JournalRow.Crc.of(batch.message(), 0, batch.message().length));
        });
    database.update(
        "UPDATE lane SET batch_bytes=batch_bytes+? WHERE lane=?",
        s -> {
          s.setInt(1, batch.message().length);
          s.setInt(2, batch.lane().number());
        });
  }
}
