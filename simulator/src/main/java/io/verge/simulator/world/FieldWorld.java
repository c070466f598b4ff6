package io.verge.simulator.world;

import io.verge.config.ConfigReader;
import io.verge.config.SiteConfig;
import io.verge.runtime.Found;
import io.verge.runtime.Gateway;
import io.verge.runtime.Platform;
import io.verge.simulator.backend.DirectUplink;
import io.verge.simulator.backend.Ledger;
import io.verge.simulator.backend.LedgerException;
import io.verge.simulator.backend.LinkPlan;
import io.verge.simulator.backend.Receiver;
import io.verge.simulator.backend.Report;
import io.verge.simulator.field.FieldBoard;
import io.verge.simulator.field.FieldJudge;
import io.verge.simulator.field.FieldStreet;
import io.verge.simulator.field.HostileLine;
import io.verge.simulator.gpio.LineBoard;
import io.verge.simulator.gpio.LinesProvider;
import io.verge.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** The street of every family under simulated time: a seed gives the same run again. */
public final class FieldWorld {
  private static final long SECOND = 1_000_000_000L;
  private static final int DRAIN_SECONDS = 3600;

  private static final String REST =
      """
      [store]
      flush_telemetry = "20s"
      flush_meter = "60s"

      [[uplink]]
      name = "city"
      url = "sim://city"
      ack_timeout = "5s"
      """;

  /**
   * What became of it.
   *
   * @param acquired readings the buses offered to the store.
   * @param faults how often each struck.
   */
  public record Result(
      long acquired,
      Report report,
      FieldJudge.Verdict verdict,
      Map<HostileLine.Fault, Integer> faults) {
    public boolean isReconciled() {
      return report.isWhole()
          && report.rows().stream().allMatch(row -> row.declared() == 0)
          && acquired == report.totalReadings()
          && acquired > 0;
    }
  }

  private FieldWorld() {}

  /**
   * @param share of answers that are spoilt, 0..1.
   * @param folder for the store and the ledger.
   */
  public static Result run(long seed, int seconds, double share, Path folder)
      throws IOException, StoreException, LedgerException, SQLException {
    VirtualTime time = new VirtualTime(World.BEGIN_UTC_MS);
    FieldStreet street = new FieldStreet(seed, share);
    LineBoard board = FieldBoard.open(time::nanos, seed, FieldBoard.turns(street.truth()));
    WireProvider ports = WireProvider.over(street.lines());
    LinesProvider lines = new LinesProvider(Map.of(FieldStreet.BOARD, board));
    Path city = folder.resolve("city.db");
    long acquired;
    Report report;
    try (Ledger ledger = Ledger.open(city, Ledger.Durability.NORMAL)) {
      DirectUplink link =
          new DirectUplink(
              new Receiver(ledger, time::utcMs), time, new Random(seed + 1), LinkPlan.BAD);
      SteppedCrew crew = new SteppedCrew(time);
      Gateway gateway =
          Gateway.start(
              config(street, folder, ports, lines),
              folder.resolve("data"),
              new Platform(
                  time,
                  time,
                  seed & 0xFFFF_FFFFL,
                  crew,
                  List.of(ports, lines),
                  List.of(link),
                  new Random(seed + 2),
                  "simulated"));
      time.at(time.nanos() + seconds * SECOND / 3, () -> link.outage(true));
      time.at(time.nanos() + seconds * SECOND / 2, () -> link.outage(false));
      crew.runUntil(time.nanos() + seconds * SECOND);
      gateway.stopPolling();
      link.plan(LinkPlan.GOOD);
      for (int s = 0; s < DRAIN_SECONDS && !World.isDrained(gateway); s++) {
        crew.runUntil(time.nanos() + SECOND);
      }
      gateway.stop();
      acquired = gateway.counters().get("readings.acquired");
      report = ledger.report();
    }
    Map<HostileLine.Fault, Integer> faults = new EnumMap<>(HostileLine.Fault.class);
    street
        .lines()
        .values()
        .forEach(line -> line.counts().forEach((fault, n) -> faults.merge(fault, n, Integer::sum)));
    return new Result(
        acquired,
        report,
        FieldJudge.judge(city, street.truth(), utcMs -> (utcMs - World.BEGIN_UTC_MS) * 1_000_000),
        faults);
  }

  private static SiteConfig config(
      FieldStreet street, Path folder, WireProvider ports, LinesProvider lines) throws IOException {
    Path file = folder.resolve("gateway.toml");
    Files.writeString(file, street.configuration((name, options) -> "sim:" + name, REST));
    ConfigReader.Result read = Found.configReader(List.of(ports, lines), Set.of("sim")).read(file);
    SiteConfig config = read.config();
    if (config == null) {
      throw new IllegalStateException("the street's configuration: " + read.problems());
    }
    return config;
  }
}
