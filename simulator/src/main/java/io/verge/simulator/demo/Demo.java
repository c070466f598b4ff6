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
import io.verge.simulator.sparkplug.HostReport;
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
import org.jspecify.annotations.Nullable;

/** One run of the demo: everything real but the street, the link and the city. */
final class Demo implements AutoCloseable {
  private static final long BEGIN_UTC_MS = 1_790_000_000_000L;
  private static final int LAMP = 17;
  private static final long LEVEL = 30;
  private static final int DRAIN_SECONDS_MAX = 90;

  /** The host hears from its broker a moment after that has acked. */
  private static final int HOST_TRIES = 25;

  private static final long HOST_PAUSE_NANOS = 200_000_000L;
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
  private final @Nullable Operator operator;
  private final Gateway gateway;
  private final Ticker ticker = Found.ticker();

  /**
   * @param uplink one of {@link City#WAYS}.
   * @param second whether there is an {@link Operator} too.
   */
  Demo(
      long seed,
      double speed,
      double hasten,
      String uplink,
      boolean second,
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
    this.operator = second ? new Operator(LATENCY_MS, LINK_BYTES_PER_SECOND) : null;
    Path file = folder.resolve("gateway.toml");
    Files.writeString(
        file,
        street.configuration(
            folder,
            DemoCommand.uplink(uplink + "://127.0.0.1:" + link.port(), hasten)
                + city.keys()
                + (operator == null ? "" : operator.configuration()),
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
  int run(int seconds, int outageFrom, int outageTo) throws LedgerException, IOException {
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
        outage(true);
        notes.add("the link falls silent");
      } else if (second == outageTo) {
        outage(false);
        notes.add("the link is back");
      }
      if (second == commandAt) {
        command();
      }
      show(second, seconds, second >= outageFrom && second < outageTo);
    }
    outage(false);
    gateway.stopPolling();
    int waited = drain(seconds);
    gateway.stop();
    int city = reconcile(waited);
    return Math.max(city, operator == null ? 0 : reconcile(operator));
  }

  private void outage(boolean silent) {
    link.outage(silent);
    if (operator != null) {
      operator.outage(silent);
    }
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
                        && gateway.uplinks().stream()
                            .allMatch(
                                uplink ->
                                    lane.acked().getOrDefault(uplink.view().name(), 0L)
                                        == lane.next() - 1));
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

  /** Sparkplug acks nothing, so what the host counted is all there is. */
  private int reconcile(Operator other) throws IOException {
    long acquired = gateway.counters().get("readings.acquired");
    HostReport report = other.report();
    for (int tries = 0; tries < HOST_TRIES && report.readings() < acquired; tries++) {
      ticker.sleepUntil(ticker.nanos() + HOST_PAUSE_NANOS);
      report = other.report();
    }
    out.println();
    out.println("The second uplink: Sparkplug B to an independent host (Eclipse Tahu's classes)");
    row("acquired by the buses (readings)", acquired);
    row("handled by its broker (readings)", gateway.counters().get("readings.delivered.operator"));
    row("heard by the host (readings)", report.readings());
    row("of these without a value (failed polls)", report.empty());
    row("heard again (told twice over the outage)", report.repeated());
    row("told as historical, repeats included", report.historical());
    row("births of the node", report.births());
    row("devices born", report.devices());
    row("sequence breaks", report.breaks());
    row("metrics never born, payloads not readable", report.strange());
    out.printf(
        Locale.ROOT,
        "  %-46s %10.2f%n",
        "bytes a reading on its link, up and down",
        other.bytes() / (double) Math.max(1, report.readings()));
    boolean good = report.readings() == acquired && report.breaks() == 0 && report.strange() == 0;
    out.println(
        good
            ? "  acquired = heard: every reading is there; a repeated one has the same time."
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
    if (operator != null) {
      operator.close();
    }
    street.close();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
