package io.verge.simulator.world;

import io.verge.config.ConfigReader;
import io.verge.config.SiteConfig;
import io.verge.health.Counters;
import io.verge.runtime.Found;
import io.verge.runtime.Gateway;
import io.verge.runtime.Platform;
import io.verge.simulator.backend.BackEnd;
import io.verge.simulator.backend.DirectUplink;
import io.verge.simulator.backend.Ledger;
import io.verge.simulator.backend.LedgerException;
import io.verge.simulator.backend.LinkPlan;
import io.verge.simulator.backend.Receiver;
import io.verge.simulator.backend.Report;
import io.verge.simulator.backend.SpoiltBackEnd;
import io.verge.simulator.street.SimulatedClock;
import io.verge.simulator.street.Street;
import io.verge.store.StoreException;
import io.verge.store.StoreView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * The shipped gateway with its store, a street, and two back ends of which the first has bad habits
 * or a bad link, under simulated time; reconciled with both ledgers. A seed gives the same run
 * again.
 */
public final class LinkWorld {
  /** The uplink that has it hard, and the one beside it. */
  public static final String CITY = "city";

  public static final String OPERATOR = "operator";

  private static final long MINUTE_NANOS = 60_000_000_000L;
  private static final int DRAIN_MINUTES_MAX = 24 * 60;

  private static final String REST =
      """
      [store]
      commit_interval = "5s"

      [[uplink]]
      name = "city"
      url = "sim://city"
      ack_timeout = "60s"

      [[uplink]]
      name = "operator"
      url = "sim://operator"
      ack_timeout = "60s"
      """;

  /**
   * What goes wrong.
   *
   * @param link of both, until polling ends.
   * @param habits of the city's back end, all the time.
   * @param refuses what the city's back end refuses, all the time.
   * @param deafMinutes from the first hour on in which the city's back end refuses everything.
   * @param silentMinutes from the first hour on in which nothing passes.
   */
  public record Trouble(
      LinkPlan link,
      SpoiltBackEnd.Habits habits,
      SpoiltBackEnd.Refuses refuses,
      int deafMinutes,
      int silentMinutes) {
    public static Trouble of(LinkPlan link) {
      return new Trouble(link, SpoiltBackEnd.Habits.NONE, (head, bytes) -> false, 0, 0);
    }

    public static Trouble of(SpoiltBackEnd.Habits habits) {
      return new Trouble(LinkPlan.BAD, habits, (head, bytes) -> false, 0, 0);
    }

    public static Trouble refusing(SpoiltBackEnd.Refuses refuses) {
      return new Trouble(LinkPlan.GOOD, SpoiltBackEnd.Habits.NONE, refuses, 0, 0);
    }
  }

  /**
   * One uplink's books, in readings.
   *
   * @param delivered as the gateway counted.
   * @param refused as the gateway counted.
   */
  public record Side(long delivered, long refused, Report report) {
    /** Numbers of samples declared lost. */
    public long declared() {
      return report.rows().stream().mapToLong(Report.Row::declared).sum();
    }

    /** Nothing missing, nothing twice, and both ends count the same. */
    public boolean isReconciled(long acquired) {
      return report.isWhole()
          && report.totalReadings() == delivered
          && delivered + refused == acquired
          && (declared() == 0) == (refused == 0)
          && acquired > 0;
    }
  }

  /**
   * What became of it.
   *
   * @param struck how often the city's back end did wrong.
   * @param ignored acks that the gateway did not believe.
   * @param resent batches sent to the city more than once.
   * @param drainMinutes after polling ended.
   */
  public record Result(
      long acquired,
      Side city,
      Side operator,
      long struck,
      long ignored,
      long resent,
      int drainMinutes,
      Map<String, StoreView.Refused> refused) {
    public boolean isReconciled() {
      return city.isReconciled(acquired) && operator.isReconciled(acquired);
    }
  }

  private LinkWorld() {}

  /**
   * @param folder for the store and the ledgers.
   */
  public static Result run(long seed, int hours, Trouble trouble, Path folder)
      throws IOException, StoreException, LedgerException {
    VirtualTime time = new VirtualTime(World.BEGIN_UTC_MS);
    Street street = new Street(seed, new SimulatedClock(time::nanos, World.BEGIN_UTC_MS, 1));
    try (Ledger city = Ledger.open(folder.resolve("city.db"), Ledger.Durability.NORMAL);
        Ledger operator = Ledger.open(folder.resolve("operator.db"), Ledger.Durability.NORMAL)) {
      boolean[] deaf = {false};
      SpoiltBackEnd spoilt =
          new SpoiltBackEnd(
              new Receiver(city, time::utcMs).asBackEnd(),
              trouble.habits(),
              (head, bytes) -> deaf[0] || trouble.refuses().refuses(head, bytes),
              new Random(seed + 3));
      BackEnd other = new Receiver(operator, time::utcMs).asBackEnd();
      DirectUplink link =
          new DirectUplink(
              uplink -> uplink.equals(CITY) ? spoilt : other,
              time,
              new Random(seed + 1),
              trouble.link());
      SteppedCrew crew = new SteppedCrew(time);
      Gateway gateway = gateway(seed, time, street, link, crew, folder);
      long begin = time.nanos();
      during(time, 60, trouble.deafMinutes(), on -> deaf[0] = on);
      during(time, 60, trouble.silentMinutes(), link::outage);
      crew.runUntil(begin + hours * 60 * MINUTE_NANOS);
      gateway.stopPolling();
      link.plan(LinkPlan.GOOD);
      int minutes = 0;
      while (minutes < DRAIN_MINUTES_MAX && !isDrained(gateway)) {
        crew.runUntil(time.nanos() + MINUTE_NANOS);
        minutes++;
      }
      Map<String, StoreView.Refused> refused = gateway.store().view().refused();
      gateway.stop();
      if (link.failure() != null) {
        throw link.failure();
      }
      Counters counters = gateway.counters();
      return new Result(
          counters.get("readings.acquired"),
          side(counters, CITY, city),
          side(counters, OPERATOR, operator),
          spoilt.struck(),
          counters.get("uplink.city.acks_ignored"),
          counters.get("uplink.city.batches_sent") - counters.get("batches.sealed"),
          minutes,
          refused);
    }
  }

  private interface Switch {
    void turn(boolean on);
  }

  private static void during(VirtualTime time, int fromMinute, int minutes, Switch what) {
    if (minutes > 0) {
      time.at(time.nanos() + fromMinute * MINUTE_NANOS, () -> what.turn(true));
      time.at(time.nanos() + (fromMinute + minutes) * MINUTE_NANOS, () -> what.turn(false));
    }
  }

  private static Side side(Counters counters, String uplink, Ledger ledger) throws LedgerException {
    return new Side(
        counters.get("readings.delivered." + uplink),
        counters.get("readings.refused." + uplink),
        ledger.report());
  }

  private static Gateway gateway(
      long seed, VirtualTime time, Street street, DirectUplink link, SteppedCrew crew, Path folder)
      throws IOException, StoreException {
    WireProvider wires = new WireProvider(street.wires());
    return Gateway.start(
        config(street, folder, wires),
        folder.resolve("data"),
        new Platform(
            time,
            time,
            seed & 0xFFFF_FFFFL,
            crew,
            List.of(wires),
            List.of(link),
            new Random(seed + 2),
            "simulated"));
  }

  private static SiteConfig config(Street street, Path folder, WireProvider wires)
      throws IOException {
    Path file = folder.resolve("gateway.toml");
    Files.writeString(
        file,
        street
            .configuration(folder, REST, 1)
            .replace("serial:" + folder + "/", "sim:")
            .replaceAll("(\"sim:[a-z0-9-]+)\\?[^\"]*\"", "$1\""));
    ConfigReader.Result read = Found.configReader(List.of(wires), Set.of("sim")).read(file);
    SiteConfig config = read.config();
    if (config == null) {
      throw new IllegalStateException("the street's configuration: " + read.problems());
    }
    return config;
  }

  private static boolean isDrained(Gateway gateway) {
    StoreView view = gateway.store().view();
    return view.inbox() == 0
        && view.lanes().stream()
            .allMatch(
                lane ->
                    lane.journalRows() == 0
                        && lane.acked().values().stream()
                            .allMatch(acked -> acked == lane.next() - 1));
  }
}
