package io.verge.simulator.world;

import io.verge.model.Command;
import io.verge.runtime.Gateway;
import io.verge.simulator.backend.LedgerException;
import io.verge.simulator.street.Street;
import io.verge.simulator.street.StreetHand;
import io.verge.store.StoreException;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Fourteen days of street without a link, the first two without a clock, over the night in which
 * clocks go forward: a plan, rules with something to find, people who override; then the link.
 */
public final class Fortnight implements World.Watcher {
  public static final Instant BEGIN = Instant.parse("2020-09-24T00:00:00Z");
  public static final int DAYS = 14;
  public static final int UNTRUSTED_DAYS = 2;

  /** Every five minutes a lamp, every 25 a meter: a fifth of the standard street's readings. */
  private static final double HASTEN = 0.2;

  private static final long MINUTE_MS = 60_000;
  private static final int DAY_HOURS = 24;

  private static final String RULES =
      """

      [[rule]]
      kind = "lamp-failed"
      assets = ["lamp-*"]

      [[rule]]
      kind = "day-burner"
      assets = ["lamp-*"]

      [[rule]]
      kind = "no-data"
      assets = ["*"]
      after = "2h"

      [[rule]]
      kind = "container-full"
      assets = ["bin-*"]
      """;

  /**
   * What a person sets.
   *
   * @param from when it is given.
   */
  public record ByHand(Instant from, String lamp, int level, int minutes) {
    Instant until() {
      return from.plusSeconds(60L * minutes);
    }
  }

  /** By night without a clock, by night with one, and by day. */
  public static final List<ByHand> OVERRIDES =
      List.of(
          new ByHand(Instant.parse("2020-09-24T12:00:00Z"), "lamp-07", 30, 120),
          new ByHand(Instant.parse("2020-09-30T12:00:00Z"), "lamp-12", 20, 180),
          new ByHand(Instant.parse("2020-10-01T00:00:00Z"), "lamp-20", 100, 90));

  /** What happens in the street. */
  private static final Map<Instant, String> DEEDS =
      new TreeMap<>(
          Map.of(
              Instant.parse("2020-09-27T00:00:00Z"), "unplug bin-03",
              Instant.parse("2020-09-27T10:00:00Z"), "plug bin-03",
              Instant.parse("2020-09-28T00:00:00Z"), "break lamp-33",
              Instant.parse("2020-10-02T00:00:00Z"), "mend lamp-33"));

  /**
   * An event of a rule or a command that the city has got.
   *
   * @param about the asset, or empty.
   * @param utcMs when, or 0: never dated.
   */
  public record Told(String kind, String about, String details, long utcMs) {}

  /**
   * What became of it.
   *
   * @param levels per cent, lamp by lamp, by minute of the fortnight.
   */
  public record Result(World.Result world, TreeMap<Long, int[]> levels, List<Told> told) {}

  private final TreeMap<Long, int[]> levels = new TreeMap<>();

  private Fortnight() {}

  /**
   * @param folder for the store and the ledger; emptied by the caller.
   */
  public static Result run(long seed, Path folder)
      throws IOException, StoreException, LedgerException, SQLException {
    Fortnight watcher = new Fortnight();
    World.Result world =
        World.run(
            seed,
            DAYS * DAY_HOURS,
            folder,
            new World.Circumstances(
                BEGIN.toEpochMilli(), UNTRUSTED_DAYS * DAY_HOURS, true, HASTEN, RULES, watcher));
    return new Result(world, watcher.levels, told(folder.resolve("city.db")));
  }

  /** Minute of the fortnight. */
  public static long minute(Instant at) {
    return Math.floorDiv(at.toEpochMilli() - BEGIN.toEpochMilli(), MINUTE_MS);
  }

  @Override
  public void minute(long utcMs, Street street, Gateway gateway) {
    long minute = Math.floorDiv(utcMs - BEGIN.toEpochMilli(), MINUTE_MS);
    if (minute > DAYS * DAY_HOURS * 60L) {
      return;
    }
    levels.put(minute, street.levels());
    DEEDS.forEach(
        (at, deed) -> {
          if (minute(at) == minute) {
            new StreetHand(street).take(deed);
          }
        });
    for (ByHand override : OVERRIDES) {
      if (minute(override.from()) == minute) {
        give(override, gateway);
      }
    }
  }

  private static void give(ByHand override, Gateway gateway) {
    gateway
        .desk()
        .submit(
            new Command(
                "by-hand-" + override.lamp(),
                override.lamp(),
                "set-level",
                Map.of("level", (long) override.level(), "for", override.minutes() * 60L),
                0,
                0,
                "cli"),
            null);
  }

  private static List<Told> told(Path city) throws SQLException {
    List<Told> told = new ArrayList<>();
    try (Connection ledger = DriverManager.getConnection("jdbc:sqlite:" + city);
        ResultSet rows =
            ledger
                .createStatement()
                .executeQuery(
                    "SELECT kind, coalesce(asset, ''), details, coalesce(utc_ms, 0) FROM event"
                        + " WHERE kind LIKE 'rule.%' OR kind LIKE 'command.%' ORDER BY rseq")) {
      while (rows.next()) {
        told.add(
            new Told(rows.getString(1), rows.getString(2), rows.getString(3), rows.getLong(4)));
      }
    }
    return told;
  }
}
