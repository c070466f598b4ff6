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
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code verge run}: the gateway, in the foreground. */
@Command(
    name = "run",
    description = "Runs the gateway in the foreground; SIGTERM stops it in order.",
    footer = {"", "Example: verge run --config /etc/verge/gateway.toml --data /var/lib/verge"},
    mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
  private final PrintStream err;

  @Option(names = "--config", required = true, paramLabel = "FILE", description = "configuration")
  private Path config = Path.of("unset");

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "/var/lib/verge",
      description = "where the store lives (default: ${DEFAULT-VALUE})")
  private Path data = Path.of("unset");

  RunCommand(PrintStream err) {
    this.err = err;
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
