package io.verge.simulator.demo;

import io.verge.simulator.street.Recordings;
import io.verge.simulator.street.SimulatedClock;
import io.verge.simulator.street.Street;
import io.verge.simulator.street.StreetHand;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code verge simulate street}. */
@Command(
    name = "street",
    description = "Serves the standard street on pseudo-terminals, and writes its configuration.",
    footer = {
      "",
      "Example: verge simulate street --dir street --uplink mqtt://127.0.0.1:1883",
      "Lines on its input are what a person does in the street:",
      "  " + StreetHand.HELP
    },
    mixinStandardHelpOptions = true)
final class SimulateStreetCommand implements Callable<Integer> {
  @Option(names = "--dir", required = true, description = "folder of ports and configuration")
  private Path dir = Path.of("unset");

  @Option(names = "--seed", defaultValue = "1", description = "which street (default: 1)")
  private long seed;

  @Option(names = "--speed", defaultValue = "1", description = "how fast its day runs")
  private double speed;

  @Option(names = "--hasten", defaultValue = "1", description = "divides the poll intervals")
  private double hasten;

  @Option(
      names = "--uplink",
      defaultValue = "mqtt://127.0.0.1:1883",
      description = "written into the configuration (default: ${DEFAULT-VALUE})")
  private String uplink = "";

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path folder = dir.toAbsolutePath();
    Street street =
        new Street(
            seed,
            new SimulatedClock(System::nanoTime, System.currentTimeMillis(), speed),
            Recordings.found());
    street.open(folder);
    Path config = folder.resolve("gateway.toml");
    Files.writeString(
        config,
        street.configuration(folder, DemoCommand.uplink(uplink, hasten) + Street.PLAN, hasten));
    System.err.println("verge: the street is on the ports in " + folder);
    System.err.println(
        "verge: now run: verge run --config " + config + " --data " + folder.resolve("data"));
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> System.err.println("verge: readings served at the wires: " + street.served()),
                "last-words"));
    BufferedReader hands =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    StreetHand hand = new StreetHand(street);
    for (String line = hands.readLine(); line != null; line = hands.readLine()) {
      System.out.println(hand.take(line));
    }
    new CountDownLatch(1).await();
    return 0;
  }
}
