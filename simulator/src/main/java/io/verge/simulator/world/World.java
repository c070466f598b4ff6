package io.verge.simulator.world;

import io.verge.config.ConfigReader;
import io.verge.config.SiteConfig;
import io.verge.health.Counters;
import io.verge.runtime.Found;
import io.verge.runtime.Gateway;
import io.verge.runtime.Platform;
import io.verge.simulator.backend.DirectUplink;
import io.verge.simulator.backend.Ledger;
import io.verge.simulator.backend.LedgerException;
import io.verge.simulator.backend.LinkPlan;
import io.verge.simulator.backend.Receiver;
import io.verge.simulator.backend.Report;
import io.verge.simulator.street.SimulatedClock;
import io.verge.simulator.street.Street;
import io.verge.store.StoreException;
import io.verge.store.StoreView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One simulated stretch of street: the shipped gateway, the standard street, a bad link with
 * outages and the city's ledger, all from a seed, then reconciled.
 */
public final class World {
  public static final long BEGIN_UTC_MS = 1_790_000_000_000L;
  private static final long HOUR_NANOS = 3_600_000_000_000L;
  private static final long MINUTE_NANOS = 60_000_000_000L;
  private static final long DRAIN_NANOS = 6 * HOUR_NANOS;
  private static final int OUTAGES_A_DAY = 4;
  private static final int OUTAGE_MINUTES_MAX = 180;

  private static final String REST =
      """
      [store]
      commit_interval = "5s"

      [[uplink]]
      name = "city"
      url = "sim://city"
      ack_timeout = "30s"
      """
          + Street.PLAN;

  /** Looks on, every minute. */
  @FunctionalInterface
  public interface Watcher {
    void minute(long utcMs, Street street, Gateway gateway);
  }

  /**
   * What kind of time it is.
   *
   * @param beginUtcMs when it begins.
   * @param untrustedHours from the begin on in which the gateway does not know the time.
   * @param isOffline whether the link is away all the time.
   * @param hasten poll intervals are divided by it.
   * @param rules of the configuration, as TOML.
   * @param computer root of the file system in which the gateway's computer tells of itself; null:
   *     the gateway has no points of its own.
   */
  public record Circumstances(
      long beginUtcMs,
      int untrustedHours,
      boolean isOffline,
      double hasten,
      String rules,
      Watcher watcher,
      @Nullable Path computer) {
    public Circumstances(
        long beginUtcMs,
        int untrustedHours,
        boolean isOffline,
        double hasten,
        String rules,
        Watcher watcher) {
      this(beginUtcMs, untrustedHours, isOffline, hasten, rules, watcher, null);
    }

    /** Four outages a day, and a clock that is right. */
    public static final Circumstances USUAL =
        new Circumstances(BEGIN_UTC_MS, 0, false, 1, "", (utcMs, street, gateway) -> {});
  }

  /**
   * What became of it.
   *
   * @param acquired readings the buses offered to the store.
   * @param stored readings in the ledger.
   * @param outages of the link.
   * @param repeated batches that came more than once.
   * @param batchBytes of the batches sealed.
   */
  public record Result(
      long acquired,
      long journaled,
      long sealed,
      long stored,
      int outages,
      long repeated,
      long batchBytes,
      Report report) {
    public long declared() {
      return report.rows().stream().mapToLong(Report.Row::declared).sum();
    }

    public boolean isReconciled() {
      return report.isWhole() && declared() == 0 && acquired == stored && acquired > 0;
    }
  }

  private World() {}

  /**
   * @param folder for the store and the ledger; emptied afterwards.
   */
  public static Result run(long seed, int hours, Path folder)
      throws IOException, StoreException, LedgerException {
    return run(seed, hours, folder, Circumstances.USUAL);
  }

  /**
   * @param folder for the store and the ledger; emptied afterwards.
   */
  public static Result run(long seed, int hours, Path folder, Circumstances circumstances)
      throws IOException, StoreException, LedgerException {
    return run(seed, hours, folder, circumstances, "");
  }

  /**
   * @param folder for the store and the ledger; emptied afterwards.
   * @param uplink further lines of the uplink's table in the configuration.
   */
  public static Result run(
      long seed, int hours, Path folder, Circumstances circumstances, String uplink)
      throws IOException, StoreException, LedgerException {
    Random random = new Random(seed);
    VirtualTime time = new VirtualTime(circumstances.beginUtcMs());
    time.trustFrom(circumstances.untrustedHours() * HOUR_NANOS);
    Street street =
        new Street(seed, new SimulatedClock(time::nanos, circumstances.beginUtcMs(), 1));
    try (Ledger ledger = Ledger.open(folder.resolve("city.db"), Ledger.Durability.NORMAL)) {
      Receiver receiver = new Receiver(ledger, time::utcMs);
      DirectUplink link = new DirectUplink(receiver, time, new Random(seed + 1), LinkPlan.BAD);
      SteppedCrew crew = new SteppedCrew(time);
      WireProvider wires = new WireProvider(street.wires());
      Gateway gateway =
          Gateway.start(
              config(street, folder, wires, circumstances, uplink),
              folder.resolve("data"),
              new Platform(
                  time,
                  time,
                  seed & 0xFFFF_FFFFL,
                  crew,
                  List.of(wires),
                  List.of(link),
                  new Random(seed + 2),
                  "simulated",
                  circumstances.computer()));
      everyMinute(time, street, gateway, circumstances.watcher());
      int outages = Math.max(1, OUTAGES_A_DAY * hours / 24);
      if (circumstances.isOffline()) {
        outages = 1;
        link.outage(true);
      } else {
        outages(time, link, random, outages, hours);
      }
      crew.runUntil(time.nanos() + hours * HOUR_NANOS);
      gateway.stopPolling();
      link.outage(false);
      link.plan(LinkPlan.GOOD);
      long end = time.nanos() + DRAIN_NANOS;
      while (!isDrained(gateway) && time.nanos() < end) {
        crew.runUntil(time.nanos() + MINUTE_NANOS);
        link.outage(false);
      }
      gateway.stop();
      LedgerException failure = link.failure();
      if (failure != null) {
        throw failure;
      }
      Counters counters = gateway.counters();
      Report report = ledger.report();
      return new Result(
          counters.get("readings.acquired"),
          counters.get("readings.journaled"),
          counters.get("readings.sealed"),
          report.totalReadings(),
          outages,
          receiver.counts().duplicates(),
          counters.get("batch.bytes"),
          report);
    }
  }

  private static void everyMinute(
      VirtualTime time, Street street, Gateway gateway, Watcher watcher) {
    watcher.minute(time.utcMs(), street, gateway);
    time.at(
        time.nanos() + MINUTE_NANOS - time.nanos() % MINUTE_NANOS,
        () -> everyMinute(time, street, gateway, watcher));
  }

  private static void outages(
      VirtualTime time, DirectUplink link, Random random, int outages, int hours) {
    for (int i = 0; i < outages; i++) {
      long from = (long) (random.nextDouble() * hours * HOUR_NANOS);
      time.at(time.nanos() + from, () -> link.outage(true));
      time.at(
          time.nanos() + from + (1 + random.nextInt(OUTAGE_MINUTES_MAX)) * MINUTE_NANOS,
          () -> link.outage(false));
    }
  }

  static SiteConfig config(Street street, Path folder, WireProvider wires) throws IOException {
    return config(street, folder, wires, Circumstances.USUAL, "");
  }

  private static SiteConfig config(
      Street street, Path folder, WireProvider wires, Circumstances circumstances, String uplink)
      throws IOException {
    Path file = folder.resolve("gateway.toml");
    Files.writeString(
        file,
        street
            .configuration(
                folder,
                REST.replace("[[uplink]]\n", "[[uplink]]\n" + uplink) + circumstances.rules(),
                circumstances.hasten())
            .replace("serial:" + folder + "/", "sim:")
            .replaceAll("(\"sim:[a-z0-9-]+)\\?[^\"]*\"", "$1\""));
    ConfigReader.Result read = Found.configReader(List.of(wires), Set.of("sim")).read(file);
    SiteConfig config = read.config();
    if (config == null) {
      throw new IllegalStateException("the street's configuration: " + read.problems());
    }
    return config;
  }

  static boolean isDrained(Gateway gateway) {
    StoreView view = gateway.store().view();
    return view.inbox() == 0
        && view.lanes().stream()
            .allMatch(
                lane ->
                    lane.journalRows() == 0
                        && lane.acked().getOrDefault("city", 0L) == lane.next() - 1);
  }

  /** A folder in memory where the machine has one: a simulated fsync teaches nothing. */
  public static Path folder() throws IOException {
    Path memory = Path.of("/dev/shm");
    return Files.isWritable(memory)
        ? Files.createTempDirectory(memory, "verge-world")
        : Files.createTempDirectory("verge-world");
  }

  public static void clear(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
