package io.verge.simulator.demo;

import io.verge.config.ConfigReader;
import io.verge.config.SiteConfig;
import io.verge.health.Counters;
import io.verge.runtime.Found;
import io.verge.runtime.Gateway;
import io.verge.runtime.Platform;
import io.verge.simulator.field.FieldBoard;
import io.verge.simulator.field.FieldStreet;
import io.verge.simulator.gpio.LineBoard;
import io.verge.simulator.gpio.LinesProvider;
import io.verge.time.ThreadCrew;
import io.verge.time.Ticker;
import io.verge.transport.TransportProvider;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The gateway of {@link FieldRun}, a process of its own, so that its memory and time are its own:
 * the shipped one, with a simulated board for its GPIO lines. On stdout {@code ready}, a line
 * {@code turn NANOS} for each turn of the water meter, and when a line has come on stdin and all is
 * delivered, {@code counter NAME VALUE} lines.
 */
@Command(name = "field-gateway", hidden = true, description = "Serves simulate field.")
final class FieldGateway implements Callable<Integer> {
  private static final int DRAIN_SECONDS_MAX = 90;

  @Option(names = "--config", required = true)
  private Path config = Path.of("unset");

  @Option(names = "--data", required = true)
  private Path data = Path.of("unset");

  @Option(names = "--seed", required = true)
  private long seed;

  private final PrintStream out = System.out;
  private final PrintStream err = System.err;

  @Override
  public Integer call() throws Exception {
    Ticker ticker = Found.ticker();
    LineBoard board = FieldBoard.open(ticker::nanos, seed, nanos -> out.println("turn " + nanos));
    LinesProvider lines = new LinesProvider(Map.of(FieldStreet.BOARD, board));
    ConfigReader.Result read = Found.configReader(List.of(lines), Set.of()).read(config);
    SiteConfig site = read.config();
    if (site == null) {
      read.problems().forEach(err::println);
      return 2;
    }
    ThreadCrew crew =
        new ThreadCrew(
            ticker, (worker, failure) -> err.println("verge: " + worker.name() + ": " + failure));
    Platform machine = Found.machine(site.trustSystemClock(), ticker, crew);
    List<TransportProvider> transports = new ArrayList<>(machine.transports());
    transports.add(lines);
    Gateway gateway =
        Gateway.start(
            site,
            data,
            new Platform(
                machine.ticker(),
                machine.clock(),
                machine.boot(),
                crew,
                transports,
                machine.uplinks(),
                machine.random(),
                machine.version()));
    out.println("ready");
    new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
    gateway.stopPolling();
    for (int s = 0; s < DRAIN_SECONDS_MAX && !Demo.isDrained(gateway); s++) {
      ticker.sleepUntil(ticker.nanos() + 1_000_000_000L);
    }
    gateway.stop();
    Counters counters = gateway.counters();
    for (String name :
        List.of("readings.acquired", "readings.no_room", "readings.journaled", "batch.bytes")) {
      out.println("counter " + name + " " + counters.get(name));
    }
    return 0;
  }
}
