package io.verge.runtime;

import io.verge.cli.ExitCode;
import io.verge.config.ConfigReader;
import io.verge.config.SiteConfig;
import io.verge.store.StoreException;
import io.verge.time.ThreadCrew;
import io.verge.time.Ticker;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
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
    ConfigReader.Result result = Found.configReader(List.of(), Set.of()).read(config);
    SiteConfig site = result.config();
    if (site == null) {
      result.problems().forEach(err::println);
      err.println("verge: " + result.problems().size() + " problems in " + config);
      return ExitCode.USAGE;
    }
    Ticker ticker = Found.ticker();
    CountDownLatch broken = new CountDownLatch(1);
    ThreadCrew crew =
        new ThreadCrew(
            ticker,
            (worker, failure) -> {
              err.println("verge: " + worker.name() + " failed: " + failure);
              broken.countDown();
            });
    Gateway gateway;
    try {
      gateway = Gateway.start(site, data, Found.machine(site.trustSystemClock(), ticker, crew));
    } catch (StoreException | IOException e) {
      err.println("verge: " + e.getMessage());
      return ExitCode.USAGE;
    }
    try {
      gateway.openLocal();
    } catch (IOException e) {
      err.println("verge: the gateway runs without a control socket: " + e.getMessage());
    }
    watchCard(gateway);
    ServiceManager manager = ServiceManager.of(System.getenv(), ProcessHandle.current().pid());
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  tell(manager::stopping);
                  gateway.stop();
                },
                "stop"));
    String ready =
        "gateway "
            + site.gateway()
            + ", "
            + site.buses().size()
            + " buses, "
            + site.devices()
            + " devices, "
            + site.uplinks().size()
            + " uplinks, store in "
            + data;
    err.println("verge: ready: " + ready);
    tell(() -> manager.ready(ready));
    keepAlive(manager, crew, broken);
    return ExitCode.WRONG;
  }

  private void watchCard(Gateway gateway) {
    try {
      Card.under(Path.of("/"), data).ifPresent(gateway::watchCard);
    } catch (IOException e) {
      err.println("verge: what the card is told to write is not counted: " + e.getMessage());
    }
  }

  /** Feeds the watchdog while every worker gets on; returns when one is broken. */
  private void keepAlive(ServiceManager manager, ThreadCrew crew, CountDownLatch broken)
      throws InterruptedException {
    long watchdogMs = manager.watchdogMs();
    if (watchdogMs == 0) {
      broken.await();
      return;
    }
    long limitNanos = TimeUnit.MILLISECONDS.toNanos(watchdogMs / 2);
    do {
      Optional<String> stuck = crew.stuck(limitNanos);
      if (stuck.isEmpty()) {
        tell(manager::alive);
      } else {
        err.println("verge: " + stuck.get() + " is stuck; the watchdog is not fed");
      }
    } while (!broken.await(watchdogMs / 4, TimeUnit.MILLISECONDS));
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
