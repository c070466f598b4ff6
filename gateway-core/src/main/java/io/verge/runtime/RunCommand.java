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
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
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
    Runtime.getRuntime().addShutdownHook(new Thread(gateway::stop, "stop"));
    err.println(
        "verge: ready: gateway "
            + site.gateway()
            + ", "
            + site.buses().size()
            + " buses, "
            + site.devices()
            + " devices, "
            + site.uplinks().size()
            + " uplinks, store in "
            + data);
    broken.await();
    return ExitCode.WRONG;
  }
}
