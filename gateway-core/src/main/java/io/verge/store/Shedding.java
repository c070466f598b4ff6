package io.verge.store;

import io.verge.bytes.Decoded;
import io.verge.model.Catalog;
import io.verge.model.Event;
import io.verge.model.Gap;
import io.verge.model.Lane;
import io.verge.model.Sample;
import io.verge.wire.Batch;
import io.verge.wire.BatchCodec;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * What gives way when the store is full, one step at a time: batches every uplink has acked (trim),
 * then those only spare uplinks lack, then un-acked ones of the lowest lane by its policy (shed).
 * What any uplink has not acked leaves a gap in the transaction that gives it up. Store thread
 * only.
 */
final class Shedding {
  /** Given up since the store was full. */
  static final String REASON_LIMIT = "limit";

  /** Given up for uplinks that may not hold the disk. */
  static final String REASON_SPARE = "spare";

  /** Numbers of samples left out where only the telling ones stay. */
  static final String REASON_THINNED = "thinned";

  /** Batches thinned into one. */
  private static final int THIN_RUN = 8;

  /** What was given up. */
  enum How {
    TRIMMED,
    SHED,
    THINNED
  }

  /**
   * A step.
   *
   * @param readings given up; 0 if trimmed.
   */
  record Given(How how, Lane lane, long readings) {}

  private final Database database;
  private final Catalogs catalogs;
  private final Cursors cursors;
  private final Gaps gaps;
  private final ShedPolicy policy;
  private final Collection<String> uplinks;
  private final List<String> holding;

  Shedding(
      Database database,
      Catalogs catalogs,
      Cursors cursors,
      Gaps gaps,
      ShedPolicy policy,
      Collection<String> uplinks) {
    this.database = database;
    this.catalogs = catalogs;
    this.cursors = cursors;
    this.gaps = gaps;
    this.policy = policy;
    this.uplinks = uplinks;
    this.holding = uplinks.stream().filter(name -> !policy.spare().contains(name)).toList();
  }

  /** Gives up the oldest batch all uplinks have acked, of the lowest lane; empty: there is none. */
  Optional<Given> trim() throws StoreException {
    return step(
        () -> {
          for (Lane lane : lowestFirst()) {
            long oldest = oldest(lane);
            if (oldest > 0 && oldest <= cursors.least(uplinks, lane)) {
              delete(lane, oldest);
              return Optional.of(new Given(How.TRIMMED, lane, 0));
            }
          }
          return Optional.empty();
        });
  }

  /**
   * Gives up what is worth least of what is not acked by all.
   *
   * @param eventsToo false: meters and telemetry only.
   */
  Optional<Given> shed(boolean eventsToo) throws StoreException {
    return step(
        () -> {
          for (Lane lane : lowestFirst()) {
            long oldest = oldest(lane);
            if (oldest > 0 && !holding.isEmpty() && oldest <= cursors.least(holding, lane)) {
              return Optional.of(drop(lane, oldest, REASON_SPARE));
            }
          }
          for (Lane lane : lowestFirst()) {
            long oldest = oldest(lane);
            if (oldest > 0 && (eventsToo || lane != Lane.EVENT)) {
              return Optional.of(shed(lane, oldest));
            }
          }
          return Optional.empty();
        });
  }

  private Optional<Given> step(Database.Work<Optional<Given>> work) throws StoreException {
    return database.transaction("make room", work);
  }

  private static List<Lane> lowestFirst() {
    return List.of(Lane.TELEMETRY, Lane.METER, Lane.EVENT);
  }

  private Given shed(Lane lane, long oldest) throws SQLException {
    ShedPolicy.Mode mode =
        switch (lane) {
          case EVENT -> ShedPolicy.Mode.OLDEST;
          case METER -> policy.meter();
          case TELEMETRY -> policy.telemetry();
        };
    if (mode == ShedPolicy.Mode.NEWEST) {
      long newest = number("SELECT max(bseq) FROM batch WHERE lane=?", lane);
      return drop(lane, newest > handed(lane) ? newest : oldest, REASON_LIMIT);
    }
    if (mode == ShedPolicy.Mode.THIN) {
      Optional<Given> thinned = thin(lane);
      if (thinned.isPresent()) {
        return thinned.get();
      }
    }
    return drop(lane, oldest, REASON_LIMIT);
  }

  private long oldest(Lane lane) throws SQLException {
    return number("SELECT ifnull(min(bseq), 0) FROM batch WHERE lane=?", lane);
  }

  private long handed(Lane lane) throws SQLException {
    return number("SELECT handed FROM lane WHERE lane=?", lane);
  }

  private long number(String sql, Lane lane) throws SQLException {
    return database.number(sql, 0, s -> s.setInt(1, lane.number()));
  }

  private void delete(Lane lane, long bseq) throws SQLException {
    database.update(
        "UPDATE lane SET batch_bytes=batch_bytes-(SELECT bytes FROM batch WHERE lane=?1 AND"
            + " bseq=?2) WHERE lane=?1",
        s -> {
          s.setInt(1, lane.number());
          s.setLong(2, bseq);
        });
    database.update(
        "DELETE FROM batch WHERE lane=? AND bseq=?",
        s -> {
          s.setInt(1, lane.number());
          s.setLong(2, bseq);
        });
  }

  /** A batch with what its row says of it; times are null in rows of schema version 1. */
  private record Found(StoredBatch batch, long first, long last, boolean hasTimes) {}

  private List<Found> found(Lane lane, long from, long handed, int most, boolean unthinned)
      throws SQLException {
    return database.query(
        "SELECT * FROM batch WHERE lane=? AND bseq>=? AND bseq>? AND thinned<=? ORDER BY bseq LIMIT ?",
        s -> {
          s.setInt(1, lane.number());
          s.setLong(2, from);
          s.setLong(3, handed);
          s.setInt(4, unthinned ? 0 : 1);
          s.setInt(5, most);
        },
        row -> {
          List<Found> found = new ArrayList<>();
          while (row.next()) {
            long first = row.getLong("t_first");
            boolean hasTimes = !row.wasNull();
            found.add(new Found(Batches.of(row), first, row.getLong("t_last"), hasTimes));
          }
          return found;
        });
  }

  private Given drop(Lane lane, long bseq, String reason) throws SQLException {
    Found found = found(lane, bseq, 0, 1, false).get(0);
    StoredBatch batch = found.batch();
    long[] span = {found.first(), found.last()};
    if (!found.hasTimes() || lane == Lane.EVENT) {
      // An event batch may declare gaps: they must outlive it.
      Batch decoded = decode(batch);
      span = Sealing.span(decoded.samples(), decoded.events());
      for (Gap gap : decoded.gaps()) {
        gaps.add(gap);
      }
    }
    if (batch.samples() > 0) {
      gaps.add(gap(lane, batch.bseq(), batch.bseq(), batch, batch.samples(), reason, span));
    } else {
      // Numbers no sample, but its own number must be told.
      gaps.add(
          new Gap(
              lane,
              bseq,
              bseq,
              Math.max(0, batch.rseqFirst() - 1),
              Math.max(0, batch.rseqFirst() - 1),
              reason,
              span[0],
              span[1],
              0));
    }
    delete(lane, bseq);
    count(lane, batch.readings());
    return new Given(How.SHED, lane, batch.readings());
  }

  private static Gap gap(
      Lane lane,
      long first,
      long last,
      StoredBatch from,
      long numbers,
      String reason,
      long[] span) {
    return new Gap(
        lane,
        first,
        last,
        from.rseqFirst(),
        from.rseqFirst() + numbers - 1,
        reason,
        span[0],
        span[1],
        from.readings());
  }

  private void count(Lane lane, long readings) throws SQLException {
    database.update(
        "UPDATE lane SET shed=shed+? WHERE lane=?",
        s -> {
          s.setLong(1, readings);
          s.setInt(2, lane.number());
        });
  }

  private Batch decode(StoredBatch batch) throws SQLException {
    Decoded<Batch> decoded = BatchCodec.decode(batch.message(), catalogs.of(batch.catalogRev()));
    if (decoded instanceof Decoded.Invalid<Batch> invalid) {
      throw new SQLException(
          "batch " + batch.bseq() + " is damaged: " + invalid.reason(),
          "",
          Database.SQLITE_CORRUPT);
    }
    return decoded.orThrow();
  }

  /**
   * Makes one batch, under the last number of a run, of the telling samples of the run; the numbers
   * before it, and those of the samples left out, are a gap. Only batches whose bytes never left:
   * so every number stands for the same bytes for ever.
   */
  private Optional<Given> thin(Lane lane) throws SQLException {
    List<Found> run = run(found(lane, 0, handed(lane), THIN_RUN, true));
    if (run.size() < 2) {
      return Optional.empty();
    }
    StoredBatch first = run.get(0).batch();
    StoredBatch last = run.get(run.size() - 1).batch();
    Catalog catalog = catalogs.of(first.catalogRev());
    List<Sample> samples = new ArrayList<>();
    List<Event> events = new ArrayList<>();
    long readings = 0;
    int unc = 0;
    Batch decoded = decode(first);
    for (Found found : run) {
      decoded = decode(found.batch());
      samples.addAll(decoded.samples());
      events.addAll(decoded.events());
      readings += found.batch().readings();
      unc = Math.max(unc, decoded.clk().uncMs());
    }
    List<Sample> kept = Thinning.keep(samples, policy.thinPeriodMs());
    if (!events.isEmpty() || kept.size() > samples.size() / 2) {
      return Optional.empty();
    }
    long numbers = last.rseqFirst() + last.samples() - first.rseqFirst();
    long rseqFirst = first.rseqFirst() + numbers - kept.size();
    byte[] message =
        BatchCodec.encode(
            new Batch(
                decoded.epoch(),
                lane,
                last.bseq(),
                rseqFirst,
                catalog.rev(),
                new io.verge.wire.Clk(decoded.clk().sinceBoot(), unc, decoded.clk().boot()),
                decoded.tickMs(),
                kept,
                List.of(),
                List.of()),
            catalog);
    int keptReadings = kept.stream().mapToInt(Sample::readings).sum();
    long lost = readings - keptReadings;
    long[] span = Sealing.span(samples, List.of());
    for (Found found : run) {
      delete(lane, found.batch().bseq());
    }
    Sealer.insert(
        database,
        new StoredBatch(
            lane, last.bseq(), rseqFirst, kept.size(), keptReadings, catalog.rev(), message),
        Sealing.span(kept, List.of()),
        true);
    gaps.add(
        new Gap(
            lane,
            first.bseq(),
            last.bseq() - 1,
            first.rseqFirst(),
            rseqFirst - 1,
            REASON_THINNED,
            span[0],
            span[1],
            lost));
    count(lane, lost);
    return Optional.of(new Given(How.THINNED, lane, lost));
  }

  /** The longest beginning that can become one batch: one catalog, one clock, no hole. */
  private List<Found> run(List<Found> candidates) throws SQLException {
    List<Found> run = new ArrayList<>();
    Batch first = null;
    for (Found found : candidates) {
      Batch decoded = decode(found.batch());
      if (first == null) {
        first = decoded;
      }
      StoredBatch before = run.isEmpty() ? null : run.get(run.size() - 1).batch();
      boolean follows =
          before == null
              || before.bseq() + 1 == found.batch().bseq()
                  && before.rseqFirst() + before.samples() == found.batch().rseqFirst();
      if (!follows
          || decoded.catalogRev() != first.catalogRev()
          || decoded.tickMs() != first.tickMs()
          || decoded.clk().sinceBoot() != first.clk().sinceBoot()
          || decoded.clk().sinceBoot() && decoded.clk().boot() != first.clk().boot()) {
        break;
      }
      run.add(found);
    }
    return run;
  }
}
