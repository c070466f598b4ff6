package io.verge.store;

import io.verge.bytes.Decoded;
import io.verge.model.Catalog;
import io.verge.model.Lane;
import io.verge.model.PointType;
import io.verge.model.Sample;
import io.verge.wire.Batch;
import io.verge.wire.BatchCodec;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads one point's past, newest first: what waits in the journal, then one batch a call, acked or
 * not. A call costs what sealing one batch costs, whatever is stored, and commits wait for one call
 * at most. Store thread only.
 */
final class History {
  /** Clocks are set back now and then: so many older batches in a row end the search. */
  private static final int TOO_OLD_MAX = 8;

  /** As many journal rows as one seal reads. */
  private static final int ROWS_MAX = 4096;

  private final Database database;
  private final Journal journal;
  private final Catalogs catalogs;

  History(Database database, Journal journal, Catalogs catalogs) {
    this.database = database;
    this.journal = journal;
    this.catalogs = catalogs;
  }

  HistorySlice slice(HistoryQuery query, HistorySlice.Mark mark) throws StoreException {
    return database.read(
        "read history",
        () -> mark.equals(HistorySlice.Mark.START) ? waiting(query) : batch(query, mark));
  }

  /** The journal as it is, and the batches as they are at the same moment: nothing comes twice. */
  private HistorySlice waiting(HistoryQuery query) throws SQLException {
    List<HistorySlice.Reading> found = new ArrayList<>();
    for (Journal.Row stored : journal.rows(query.lane(), ROWS_MAX)) {
      if (JournalRow.decode(stored.body()) instanceof Decoded.Valid<JournalRow> row) {
        select(query, catalogs.of(stored.rev()), row.value().samples(), found);
      }
    }
    long next =
        database.number(
            "SELECT next_bseq FROM lane WHERE lane=?", 0, s -> s.setInt(1, query.lane().number()));
    return new HistorySlice(found, new HistorySlice.Mark(next, 0), "");
  }

  private HistorySlice batch(HistoryQuery query, HistorySlice.Mark mark) throws SQLException {
    Optional<StoredBatch> stored = below(query.lane(), mark.below());
    if (stored.isEmpty()) {
      return new HistorySlice(List.of(), null, "");
    }
    List<HistorySlice.Reading> found = new ArrayList<>();
    Catalog catalog = catalogs.of(stored.get().catalogRev());
    int tooOld = mark.tooOld();
    if (BatchCodec.decode(stored.get().message(), catalog) instanceof Decoded.Valid<Batch> valid) {
      List<Sample> samples = valid.value().samples();
      select(query, catalog, samples, found);
      boolean isOld =
          !samples.isEmpty()
              && samples.stream().allMatch(s -> query.ageMs(s.stamp()) > query.sinceMs());
      tooOld = isOld ? tooOld + 1 : samples.isEmpty() ? tooOld : 0;
    }
    return new HistorySlice(
        found,
        tooOld < TOO_OLD_MAX ? new HistorySlice.Mark(stored.get().bseq(), tooOld) : null,
        "");
  }

  private Optional<StoredBatch> below(Lane lane, long bseq) throws SQLException {
    return database.query(
        "SELECT * FROM batch WHERE lane=? AND bseq<? ORDER BY bseq DESC LIMIT 1",
        s -> {
          s.setInt(1, lane.number());
          s.setLong(2, bseq);
        },
        row -> row.next() ? Optional.of(Batches.of(row)) : Optional.empty());
  }

  private static void select(
      HistoryQuery query, Catalog catalog, List<Sample> samples, List<HistorySlice.Reading> to) {
    int device = catalog.indexOf(query.asset());
    if (device < 0) {
      return;
    }
    List<PointType> points = catalog.typeOf(device).points();
    for (int p = 0; p < points.size(); p++) {
      PointType point = points.get(p);
      for (Sample sample : point.name().equals(query.point()) ? samples : List.<Sample>of()) {
        long age = query.ageMs(sample.stamp());
        boolean isWanted = age < 0 || age >= query.untilMs() && age <= query.sinceMs();
        if (sample.device() == device && isWanted) {
          to.add(
              new HistorySlice.Reading(
                  sample.stamp(),
                  sample.values()[p],
                  point.decimals(),
                  point.unit(),
                  sample.qualityOf(p)));
        }
      }
    }
  }
}
