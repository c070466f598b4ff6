package io.verge.simulator.demo;

import io.verge.config.ConfigReader;
import io.verge.config.SiteConfig;
import io.verge.health.Counters;
import io.verge.model.Command;
import io.verge.runtime.Found;
import io.verge.runtime.Gateway;
import io.verge.simulator.backend.LedgerException;
import io.verge.simulator.backend.Report;
import io.verge.simulator.link.LinkEmulator;
import io.verge.simulator.link.LinkSettings;
import io.verge.simulator.street.Recordings;
import io.verge.simulator.street.SimulatedClock;
import io.verge.simulator.street.Street;
import io.verge.store.StoreException;
import io.verge.store.StoreView;
import io.verge.time.ThreadCrew;
import io.verge.time.Ticker;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** One run of the demo: everything real but the street, the link and the city. */
final class Demo implements AutoCloseable {
  private static final long BEGIN_UTC_MS = 1_790_000_000_000L;
  private static final int LAMP = 17;
  private static final long LEVEL = 30;
  private static final int DRAIN_SECONDS_MAX = 90;
  private static final String HOME = "\u001b[H";
  private static final String CLEAR_LINE = "\u001b[K";
  private static final String CLEAR_BELOW = "\u001b[J";
  private static final int LATENCY_MS = 40;
  private static final int LINK_BYTES_PER_SECOND = 50_000;

  private final PrintStream out;
  private final boolean live;
  private final List<Double> buffered = new ArrayList<>();
  private final List<Double> power = new ArrayList<>();
  private final List<Double> water = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private final Path folder;
  private final Street street;
  private final City city;
  private final LinkEmulator link;
  private final Gateway gateway;
  private final Ticker ticker = Found.ticker();

  /**
   * @param uplink one of {@link City#WAYS}.
   */
  Demo(
      long seed,
      double speed,
      double hasten,
      String uplink,
      PrintStream out,
      PrintStream err,
      boolean live)
      throws IOException, LedgerException, StoreException {
    this.out = out;
    this.live = live;
    this.folder = Files.createTempDirectory("verge-demo");
    Recordings recordings = Recordings.found();
    if (!recordings.isEmpty()) {
      notes.add("water and waste follow recordings of real streets");
      out.println("Water and waste follow recordings of real streets.");
    }
    this.street =
        new Street(seed, new SimulatedClock(ticker::nanos, BEGIN_UTC_MS, speed), recordings);
    street.open(folder);
    this.city = new City(uplink, Street.GATEWAY, folder);
    this.link =
        new LinkEmulator(
            new LinkSettings(
                0,
                new InetSocketAddress("127.0.0.1", city.port()),
                LATENCY_MS,
                LINK_BYTES_PER_SECOND));
    Path file = folder.resolve("gateway.toml");
    Files.writeString(
        file,
        street.configuration(
            folder,
            DemoCommand.uplink(uplink + "://127.0.0.1:" + link.port(), hasten) + city.keys(),
            hasten));
    ConfigReader.Result read = Found.configReader(List.of(), Set.of()).read(file);
    SiteConfig config = read.config();
    if (config == null) {
      throw new IllegalStateException("the street's configuration: " + read.problems());
    }
    ThreadCrew crew =
        new ThreadCrew(
            ticker, (worker, failure) -> err.println("verge: " + worker.name() + ": " + failure));
    this.gateway =
        Gateway.start(
            config, folder.resolve("data"), Found.machine(config.trustSystemClock(), ticker, crew));
  }

  /**
   * @return 0 only if acquired = delivered + declared, and nothing twice.
   */
  int run(int seconds, int outageFrom, int outageTo) throws LedgerException {
    out.println(
        "A street of "
            + gateway.config().devices()
            + " devices on "
            + gateway.config().buses().size()
            + " ports; the link is silent from "
            + outageFrom
            + " s to "
            + outageTo
            + " s.");
    if (live) {
      out.print(HOME + CLEAR_BELOW);
    }
    long begin = ticker.nanos();
    int commandAt = Math.max(1, Math.min(outageFrom / 2, seconds / 2));
    for (int second = 1; second <= seconds; second++) {
      ticker.sleepUntil(begin + second * 1_000_000_000L);
      if (second == outageFrom) {
        link.outage(true);
        notes.add("the link falls silent");
      } else if (second == outageTo) {
        link.outage(false);
        notes.add("the link is back");
      }
      if (second == commandAt) {
        command();
      }
      show(second, seconds, second >= outageFrom && second < outageTo);
    }
    link.outage(false);
    gateway.stopPolling();
    int waited = drain(seconds);
    gateway.stop();
    return reconcile(waited);
  }

  private void show(int second, int seconds, boolean silent) {
    if (live) {
      screen(second, seconds, silent);
    } else {
      line(second, silent);
    }
  }

  private void command() {
    String note =
        String.format(
            Locale.ROOT,
            "the city sets lamp-%02d to %d %%; it draws %.1f W now",
            LAMP,
            LEVEL,
            street.watts(LAMP - 1));
    notes.add(note);
    if (!live) {
      out.println("      " + note);
    }
    city.command(
        gateway.config().gateway(),
        new Command(
            "demo-1",
            String.format(Locale.ROOT, "lamp-%02d", LAMP),
            "set-level",
            Map.of("level", LEVEL),
            System.currentTimeMillis(),
            0,
            "backend"));
  }

  private void screen(int second, int seconds, boolean silent) {
    Counters counters = gateway.counters();
    long acquired = counters.get("readings.acquired");
    long delivered = counters.get("readings.delivered.city");
    buffered.add((double) (acquired - delivered));
    power.add(street.power());
    water.add(street.water());
    DemoFrame frame =
        new DemoFrame(
            second,
            seconds,
            street.timeOfDay(),
            street.levels(),
            street.fills(),
            !silent,
            gateway.uplinks().get(0).view().state(),
            acquired,
            delivered,
            acquired - delivered,
            counters.get("batch.bytes") / (double) Math.max(1, counters.get("readings.sealed")),
            history(buffered),
            history(power),
            history(water),
            notes.subList(Math.max(0, notes.size() - 3), notes.size()));
    StringBuilder text = new StringBuilder(HOME);
    for (String row : DemoScreen.render(frame, System.getenv("NO_COLOR") == null)) {
      text.append(row).append(CLEAR_LINE).append('\n');
    }
    out.print(text.append(CLEAR_BELOW));
    out.flush();
  }

  private static double[] history(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private void line(int second, boolean silent) {
    Counters counters = gateway.counters();
    long acquired = counters.get("readings.acquired");
    long delivered = counters.get("readings.delivered.city");
    out.printf(
        Locale.ROOT,
        "%4d s  acquired %6d  delivered %6d  waiting %6d  link %-7s %6.1f KiB up  lamp-%02d %5.1f"
            + " W%n",
        second,
        acquired,
        delivered,
        acquired - delivered,
        silent ? "silent" : gateway.uplinks().get(0).view().state(),
        link.bytesUp() / 1024.0,
        LAMP,
        street.watts(LAMP - 1));
  }

  /** Until everything is acked; how many seconds it took. */
  private int drain(int seconds) {
    String note = "polling ends; what waits is sent when its flush interval is over";
    notes.add(note);
    if (!live) {
      out.println("      " + note);
    }
    for (int second = 0; second < DRAIN_SECONDS_MAX; second++) {
      if (isDrained()) {
        return second;
      }
      ticker.sleepUntil(ticker.nanos() + 1_000_000_000L);
      show(seconds + second + 1, seconds, false);
    }
    return DRAIN_SECONDS_MAX;
  }

  private boolean isDrained() {
    return isDrained(gateway);
  }

  /** Whether all it has acquired is acked. */
  static boolean isDrained(Gateway gateway) {
    StoreView view = gateway.store().view();
    return view.inbox() == 0
        && view.lanes().stream()
            .allMatch(
                lane ->
                    lane.journalRows() == 0
                        && lane.acked().getOrDefault("city", 0L) == lane.next() - 1);
  }

  private int reconcile(int waited) throws LedgerException {
    Report report = city.ledger().report();
    Counters counters = gateway.counters();
    long acquired = counters.get("readings.acquired");
    long stored = report.totalReadings();
    long declared = report.rows().stream().mapToLong(Report.Row::declared).sum();
    long twice = report.rows().stream().mapToLong(Report.Row::duplicates).sum();
    long missing = report.rows().stream().mapToLong(Report.Row::missing).sum();
    out.println();
    out.println("Reconciliation");
    row("served at the wires that can count (readings)", street.served());
    row("acquired by the buses (readings)", acquired);
    row("journaled", counters.get("readings.journaled"));
    row("sealed", counters.get("readings.sealed"));
    row("acked", counters.get("readings.delivered.city"));
    row("delivered: stored by the city (readings)", stored);
    row("declared lost (samples)", declared);
    row("missing numbers", missing);
    row("batches sent", counters.get("uplink.city.batches_sent"));
    row("duplicate batches at the wire", city.receiver().counts().duplicates());
    row("duplicates after the ledger", twice);
    out.printf(
        Locale.ROOT,
        "  %-46s %10.2f%n",
        "bytes a reading in batches",
        counters.get("batch.bytes") / (double) Math.max(1, stored));
    out.printf(
        Locale.ROOT,
        "  %-46s %10.2f%n",
        "bytes a reading on the link, up and down",
        (link.bytesUp() + link.bytesDown()) / (double) Math.max(1, stored));
    row("seconds to drain", waited);
    boolean good =
        acquired == stored && declared == 0 && missing == 0 && twice == 0 && report.isWhole();
    out.println(
        good
            ? "  acquired = delivered + declared: every reading is there, once."
            : "  NOT reconciled: see the rows above.");
    return good ? 0 : 1;
  }

  private void row(String what, long value) {
    out.printf(Locale.ROOT, "  %-46s %10d%n", what, value);
  }

  @Override
  public void close() throws Exception {
    gateway.stop();
    link.close();
    city.close();
    street.close();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
