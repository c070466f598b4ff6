package io.verge.simulator.field;

import io.verge.model.Quality;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongUnaryOperator;

/** Holds every reading the city has got against the truth. */
public final class FieldJudge {
  /** Wrong readings named in the report. */
  private static final int NAMED_MOST = 20;

  private FieldJudge() {}

  /**
   * What became of a device's readings.
   *
   * @param good with a value and good quality.
   * @param doubtful with a value and another quality.
   * @param none without a value.
   */
  public record Tally(long good, long doubtful, long none) {
    Tally plus(boolean hasValue, boolean isGood) {
      return new Tally(
          good + (hasValue && isGood ? 1 : 0),
          doubtful + (hasValue && !isGood ? 1 : 0),
          none + (hasValue ? 0 : 1));
    }
  }

  /**
   * The sentence.
   *
   * @param byAsset tallies by asset.
   * @param wrong good readings that were never true.
   * @param named the first of them.
   */
  public record Verdict(Map<String, Tally> byAsset, long wrong, List<String> named) {
    public long judged() {
      return byAsset.values().stream().mapToLong(Tally::good).sum();
    }
  }

  /**
   * @param ledger the city's file.
   * @param nanosOf from UTC milliseconds to the clock of the facts.
   */
  public static Verdict judge(Path ledger, Truth truth, LongUnaryOperator nanosOf)
      throws SQLException {
    Map<String, Tally> byAsset = new TreeMap<>();
    List<String> named = new ArrayList<>();
    long wrong = 0;
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + ledger);
        PreparedStatement query =
            connection.prepareStatement(
                "SELECT asset, point, utc_ms, value, quality FROM reading ORDER BY lane, rseq");
        ResultSet row = query.executeQuery()) {
      while (row.next()) {
        String asset = row.getString(1);
        long value = row.getLong(4);
        boolean hasValue = !row.wasNull();
        boolean isGood = row.getInt(5) == Quality.GOOD.code();
        Tally before = byAsset.getOrDefault(asset, new Tally(0, 0, 0));
        byAsset.put(asset, before.plus(hasValue, isGood));
        if (hasValue && isGood) {
          String fault =
              truth.judge(asset, row.getString(2), value, nanosOf.applyAsLong(row.getLong(3)));
          wrong += fault.isEmpty() ? 0 : 1;
          if (!fault.isEmpty() && named.size() < NAMED_MOST) {
            named.add(fault);
          }
        }
      }
    }
    return new Verdict(byAsset, wrong, List.copyOf(named));
  }
}
