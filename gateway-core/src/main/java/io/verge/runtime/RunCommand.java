package io.verge.runtime;

import io.verge.cli.ExitCode;
import io.verge.config.ConfigReader;
import io.verge.config.FileTrouble;
import io.verge.config.SiteConfig;
import io.verge.local.Starting;
import io.verge.local.VersionView;
import io.verge.model.Event;
import io.verge.model.Severity;
import io.verge.model.Stamp;
import io.verge.store.StoreException;
import io.verge.time.ThreadCrew;
import io.verge.time.Ticker;
import io.verge.time.Worker;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code verge run}: the gateway, in the foreground. */
@Command(
    name = "run",
    description = "Runs the gateway in the foreground; SIGTERM stops it in order.",
    footer = {"", "Example: verge run --config /etc/verge/gateway.toml --data /var/lib/verge"},
    mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
  private static final String DATA = "/var/lib/verge";

  private final PrintStream err;

  @Option(names = "--config", required = true, paramLabel = "FILE", description = "configuration")
  private Path config = Path.of("unset");

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = DATA,
      description = "where the store lives (default: ${DEFAULT-VALUE})")
  private Path data = Path.of("unset");

  /** How soon the process notices that a worker is broken. */
  private static final long SERVE_MS = 1_000;

  private volatile @Nullable Gateway gateway;

  RunCommand(PrintStream err) {
    this.err = err;
  }

  /**
   * The command of a usual line, {@code run --config FILE [--data DIR]}, read without picocli,
   * whose classes would stay in a gateway's memory for years.
   *
   * @return null if the line has anything else in it.
   */
  static @Nullable RunCommand usual(String[] args, PrintStream err) {
    boolean hasConfig = args.length > 2 && args[0].equals("run") && args[1].equals("--config");
    boolean hasData = args.length == 5 && args[3].equals("--data");
    if (!hasConfig || args.length != 3 && !hasData) {
      return null;
    }
    RunCommand command = new RunCommand(err);
    command.config = Path.of(args[2]);
    command.data = Path.of(hasData ? args[4] : DATA);
    return command;
  }

  @Override
  public Integer call() throws InterruptedException {
    ConfigReader reader = Found.configReader(List.of(), Set.of());
    ConfigKeeper keeper;
    try {
      keeper = new ConfigKeeper(reader, config, data, new WholeFiles(), this::trustedUtcMs);
    } catch (IOException e) {
      err.println("verge: " + FileTrouble.why(e));
      return ExitCode.USAGE;
    }
    ServiceManager manager = ServiceManager.of(System.getenv(), ProcessHandle.current().pid());
    DeviceGrants grants = new DeviceGrants(System.getenv(), data, new WholeFiles(), Found.ticker());
    Runtime.getRuntime().addShutdownHook(new Thread(() -> end(manager), "stop"));
    SiteConfig site = keeper.first();
    keeper.problems().forEach(err::println);
    if (!keeper.trouble().isEmpty()) {
      err.println("verge: " + keeper.trouble());
    }
    while (site != null) {
      Round round = new Round(keeper, manager, site);
      round.starting();
      String lacking = grants.ask(reader.devices(site));
      if (!lacking.isEmpty()) {
        err.println("verge: " + lacking);
      }
      try {
        gateway = Gateway.start(site, data, round.platform(), keeper);
      } catch (StoreException | IOException e) {
        round.started();
        err.println("verge: " + FileTrouble.why(e));
        if (!keeper.failed(FileTrouble.why(e))) {
          return ExitCode.USAGE;
        }
        site = keeper.current();
        continue;
      }
      if (!run(gateway, round)) {
        return ExitCode.WRONG;
      }
      site = keeper.current();
    }
    err.println("verge: " + keeper.problems().size() + " problems in " + config);
    return ExitCode.USAGE;
  }

  private long trustedUtcMs() {
    Gateway now = gateway;
    Stamp stamp = now == null ? null : now.stamper().now();
    return stamp != null && stamp.hasUtc() ? stamp.utcMs() : 0;
  }

  private void end(ServiceManager manager) {
    tell(manager::stopping);
    Gateway last = gateway;
    if (last != null) {
      last.stop();
    }
  }

  /** One gateway's life, from a configuration to the next. */
  private final class Round {
    private final ConfigKeeper keeper;
    private final ServiceManager manager;
    private final SiteConfig site;
    private @Nullable Starting mark;
    private final CountDownLatch broken = new CountDownLatch(1);
    private final Ticker ticker = Found.ticker();
    private final ThreadCrew crew = new ThreadCrew(ticker, this::broke);

    Round(ConfigKeeper keeper, ServiceManager manager, SiteConfig site) {
      this.keeper = keeper;
      this.manager = manager;
      this.site = site;
    }

    /** Whoever asks before the socket is open is told that it will be. */
    private void starting() {
      try {
        mark = Starting.mark(site.socket());
      } catch (IOException e) {
        err.println("verge: nobody can be told that it starts: " + FileTrouble.why(e));
      }
    }

    private void started() {
      Starting made = mark;
      try {
        if (made != null) {
          made.close();
        }
      } catch (IOException e) {
        err.println("verge: it is still said to start: " + FileTrouble.why(e));
      }
    }

    private void broke(Worker worker, Throwable failure) {
      err.println("verge: " + worker.name() + " failed: " + failure);
      broken.countDown();
    }

    Platform platform() {
      return Found.machine(site.trustSystemClock(), ticker, crew);
    }
  }

  /**
   * Runs until something breaks or another configuration holds.
   *
   * @return whether to start anew.
   */
  private boolean run(Gateway now, Round round) throws InterruptedException {
    try {
      now.openLocal(round.keeper);
    } catch (IOException e) {
      err.println("verge: the gateway runs without a control socket: " + FileTrouble.why(e));
    }
    round.started();
    try {
      now.openMetrics(round.keeper);
    } catch (IOException e) {
      err.println("verge: the gateway runs without its exporter: " + e.getMessage());
    }
    ConfigIndex.Trial trial = round.keeper.trial();
    ConfigTrial judge = trial == null ? null : new ConfigTrial(now, trial, round.keeper::judged);
    if (judge != null) {
      round.crew.start(judge);
    }
    news(now, round.keeper);
    String ready = ready(round.site) + (trial == null ? "" : ", configuration on trial");
    err.println("verge: ready: " + ready);
    tell(() -> round.manager.ready(ready));
    if (!serve(now, round)) {
      return false;
    }
    if (judge != null) {
      round.crew.stop(judge);
    }
    tell(round.manager::alive);
    now.stop();
    tell(round.manager::alive);
    return true;
  }

  private String ready(SiteConfig site) {
    return "gateway "
        + site.gateway()
        + ", "
        + site.buses().size()
        + " buses, "
        + site.devices()
        + " devices, "
        + site.uplinks().size()
        + " uplinks, store in "
        + data;
  }

  /** What became of a configuration is an event of the gateway that runs with what holds. */
  private static void news(Gateway now, ConfigKeeper keeper) {
    String news = keeper.takeNews();
    if (news.isEmpty() || keeper.history().isEmpty()) {
      return;
    }
    VersionView latest = keeper.history().get(0);
    boolean isBad = news.equals("returned") || news.equals("file-refused");
    Event event =
        new Event(
            now.stamper().now(),
            "config." + news,
            isBad ? Severity.WARNING : Severity.NOTICE,
            Event.NO_DEVICE,
            Map.of(
                "active",
                keeper.active(),
                "version",
                latest.number(),
                "who",
                latest.who(),
                "why",
                news.equals("file-refused") ? keeper.trouble() : latest.note()));
    if (!now.watch().offer(event)) {
      now.counters().increment("events.no_room");
    }
  }

  /** Feeds the watchdog while every worker gets on, and serves who changes the configuration. */
  private boolean serve(Gateway now, Round round) throws InterruptedException {
    long watchdogMs = round.manager.watchdogMs();
    long waitMs = watchdogMs == 0 ? SERVE_MS : Math.min(SERVE_MS, watchdogMs / 4);
    long limitNanos = TimeUnit.MILLISECONDS.toNanos(watchdogMs / 2);
    while (round.broken.getCount() > 0) {
      if (round.keeper.serve(now, waitMs)) {
        return true;
      }
      news(now, round.keeper);
      if (watchdogMs > 0) {
        Optional<String> stuck = round.crew.stuck(limitNanos);
        if (stuck.isEmpty()) {
          tell(round.manager::alive);
        } else {
          err.println("verge: " + stuck.get() + " is stuck; the watchdog is not fed");
        }
      }
    }
    return false;
  }

  /** Something to tell the service manager. */
  private interface Telling {
    void tell() throws IOException;
  }

  private void tell(Telling telling) {
    try {
      telling.tell();
    } catch (IOException e) {
      err.println("verge: " + e.getMessage());
    }
  }
}
