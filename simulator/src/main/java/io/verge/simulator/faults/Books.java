package io.verge.simulator.faults;

import io.verge.model.Lane;
import io.verge.simulator.backend.Report;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Compares what the processes told with what the city has. What each life committed is known from
 * what its last commit had kept; so the true number of every sample is known, and the ledger must
 * hold it under that number (in a thinned batch: in that run of numbers), or a gap must declare it.
 */
final class Books {
  private static final String THINNED = "thinned";

  /** Samples of one life and lane. */
  private record Committed(long first, long count) {}

  private record Range(long first, long last) {}

  private final List<Life> lives;
  private final Verdict verdict;
  private long neverCommitted;
  private long committed;
  private long delivered;
  private long declared;

  /**
   * @param lives all, in order; the last one only looked.
   */
  Books(List<Life> lives, Verdict verdict) {
    this.lives = lives;
    this.verdict = verdict;
  }

  /** Samples offered whose commit was cut off: at most one commit a life. */
  long neverCommitted() {
    return neverCommitted;
  }

  long committed() {
    return committed;
  }

  long delivered() {
    return delivered;
  }

  long declared() {
    return declared;
  }

  /** Closes the books on a ledger that everything was delivered to. */
  void close(Path ledger, Report report) throws SQLException {
    stores(report);
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + ledger)) {
      samples(connection, report, Lane.TELEMETRY, 0);
      samples(connection, report, Lane.METER, 1);
      events(connection, report);
    }
  }

  private void stores(Report report) {
    Life before = null;
    for (Life life : lives) {
      if (!life.hasStarted()) {
        continue;
      }
      if (before != null && before.epoch() != life.epoch()) {
        verdict.other("life " + life.plan().life() + " found another epoch");
      }
      if (life.wasQuarantined() || !life.isDurable()) {
        verdict.other("life " + life.plan().life() + " found a store it could not use");
      }
      before = life;
    }
    for (Report.Row row : report.rows()) {
      verdict.undeclared(row.missing(), row.missing() + " numbers of lane " + row.lane());
      verdict.duplicate(row.duplicates(), row.duplicates() + " numbers of lane " + row.lane());
    }
  }

  /** By life: where its samples of the lane stand among all ever committed. */
  private Map<Integer, Committed> committed(int lane) {
    Map<Integer, Long> counts = new HashMap<>();
    for (Life life : lives) {
      if (life.hasStarted()) {
        long[] kept = life.kept(lane);
        counts.put((int) kept[0], kept[1]);
      }
    }
    Map<Integer, Committed> committed = new HashMap<>();
    long next = 1;
    for (Life life : lives) {
      int number = life.plan().life();
      long count = counts.getOrDefault(number, 0L);
      verdict.lost(
          life.reported(lane) - count,
          "life " + number + " committed " + life.reported(lane) + ", " + count + " were found");
      if (count > life.offered(lane)) {
        verdict.other("life " + number + " kept " + count + " of " + life.offered(lane));
      }
      neverCommitted += Math.max(0, life.offered(lane) - count);
      committed.put(number, new Committed(next, count));
      next += count;
    }
    return committed;
  }

  private void samples(Connection connection, Report report, Lane lane, int place)
      throws SQLException {
    Map<Integer, Committed> truth = committed(place);
    long total = truth.values().stream().mapToLong(Committed::count).sum();
    List<Range> gaps = gaps(connection, lane, false);
    List<Range> thinned = gaps(connection, lane, true);
    BitSet found = new BitSet();
    List<Range> runs = new ArrayList<>();
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT r.rseq, r.value, b.rseq_first, b.rseq_first+b.count-1 FROM reading r"
                + " JOIN source s ON s.gateway=r.gateway AND s.epoch=r.epoch"
                + " JOIN batch b ON b.source=s.id AND b.lane=r.lane AND b.bseq=r.bseq"
                + " WHERE r.lane=? AND r.point=?")) {
      query.setInt(1, lane.number());
      query.setString(2, Acquisition.IDENTITY);
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          Range batch = new Range(row.getLong(3), row.getLong(4));
          Range run = run(batch, thinned);
          if (run.first() < batch.first()
              && (runs.isEmpty() || !runs.get(runs.size() - 1).equals(run))) {
            runs.add(run);
          }
          sample(lane, row.getLong(2), run, truth, found);
        }
      }
    }
    delivered += found.cardinality();
    committed += total;
    absent(lane, total, found, gaps, runs);
    Report.Row counted = row(report, lane);
    declared += counted.declared();
    if (counted.last() != total) {
      verdict.undeclared(
          Math.abs(counted.last() - total),
          lane + ": " + total + " numbers given, " + counted.last() + " known to the city");
    }
    verdict.undeclared(
        Math.abs(total - counted.stored() - counted.declared()),
        lane + ": " + total + " is not " + counted.stored() + " + " + counted.declared());
  }

  /** Numbers whose samples may be in a batch: its own, and those thinned away right before. */
  private static Range run(Range batch, List<Range> thinned) {
    int at = 0;
    int end = thinned.size();
    while (at < end) {
      int middle = (at + end) >>> 1;
      if (thinned.get(middle).last() < batch.first() - 1) {
        at = middle + 1;
      } else {
        end = middle;
      }
    }
    boolean touches = at < thinned.size() && thinned.get(at).last() == batch.first() - 1;
    return touches ? new Range(thinned.get(at).first(), batch.last()) : batch;
  }

  private void sample(
      Lane lane, long identity, Range run, Map<Integer, Committed> truth, BitSet found) {
    long index = Acquisition.indexOf(identity);
    Committed life = truth.get(Acquisition.lifeOf(identity));
    if (life == null || index < 1 || index > life.count()) {
      verdict.other(lane + ": sample " + identity + " was never committed");
      return;
    }
    long number = life.first() + index - 1;
    if (number < run.first() || number > run.last()) {
      verdict.reused(
          lane + ": sample " + number + " came among " + run.first() + ".." + run.last());
    }
    if (found.get((int) number)) {
      verdict.duplicate(1, lane + ": sample " + number + " came twice");
    }
    found.set((int) number);
  }

  private void absent(
      Lane lane, long total, BitSet found, List<Range> gaps, List<Range> thinnedRuns) {
    BitSet excused = new BitSet();
    gaps.forEach(gap -> excused.set((int) gap.first(), (int) gap.last() + 1));
    thinnedRuns.forEach(run -> excused.set((int) run.first(), (int) run.last() + 1));
    for (int n = found.nextClearBit(1); n <= total; n = found.nextClearBit(n + 1)) {
      if (!excused.get(n)) {
        verdict.lost(1, lane + ": sample " + n + " neither came nor was declared");
      }
    }
  }

  private static List<Range> gaps(Connection connection, Lane lane, boolean thinnedOnly)
      throws SQLException {
    List<Range> ranges = new ArrayList<>();
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT rseq_first, rseq_last, reason FROM gap WHERE lane=? ORDER BY 1, 2")) {
      query.setInt(1, lane.number());
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          if (!thinnedOnly || row.getString(3).equals(THINNED)) {
            ranges.add(new Range(row.getLong(1), row.getLong(2)));
          }
        }
      }
    }
    return ranges;
  }

  private static Report.Row row(Report report, Lane lane) {
    return report.rows().stream()
        .filter(row -> row.lane() == lane)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("the ledger has no lane " + lane));
  }

  /** Every event a life told of is there once; the lane's gaps are allowed for. */
  private void events(Connection connection, Report report) throws SQLException {
    Map<String, Integer> found = new HashMap<>();
    try (PreparedStatement query =
        connection.prepareStatement("SELECT kind FROM event WHERE kind LIKE ?")) {
      query.setString(1, Acquisition.eventPattern());
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          found.merge(row.getString(1), 1, Integer::sum);
        }
      }
    }
    found.forEach(
        (kind, times) -> verdict.duplicate(times - 1L, kind + " came " + times + " times"));
    long absent = 0;
    for (Life life : lives) {
      for (long n = 1; n <= life.reported(2); n++) {
        committed++;
        if (found.containsKey(Acquisition.eventKind(life.plan().life(), n))) {
          delivered++;
        } else {
          absent++;
        }
      }
    }
    long gone = row(report, Lane.EVENT).declared();
    declared += gone;
    verdict.lost(absent - gone, absent + " events are absent, " + gone + " declared");
  }
}
