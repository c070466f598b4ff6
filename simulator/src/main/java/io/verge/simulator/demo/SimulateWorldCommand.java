package io.verge.simulator.demo;

import io.verge.simulator.world.World;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code verge simulate world}. */
@Command(
    name = "world",
    description =
        "Runs hours of street in seconds under simulated time, with a bad link and outages, and"
            + " reconciles; the same seed gives the same run.",
    footer = {"", "Example: verge simulate world --seed 1 --hours 24"},
    mixinStandardHelpOptions = true)
final class SimulateWorldCommand implements Callable<Integer> {
  @Option(names = "--seed", defaultValue = "1", description = "which world (default: 1)")
  private long seed;

  @Option(names = "--hours", defaultValue = "24", description = "how long (default: 24)")
  private int hours;

  @Override
  public Integer call() throws Exception {
    Path folder = World.folder();
    try {
      long began = System.nanoTime();
      World.Result result = World.run(seed, hours, folder);
      System.out.println(result.report().table());
      System.out.printf(
          Locale.ROOT,
          "seed %d, %d h, %d outages: acquired %d, journaled %d, sealed %d, stored %d, declared"
              + " %d; repeated batches %d; %.2f B a reading in batches; %.1f s%n",
          seed,
          hours,
          result.outages(),
          result.acquired(),
          result.journaled(),
          result.sealed(),
          result.stored(),
          result.declared(),
          result.repeated(),
          result.batchBytes() / (double) Math.max(1, result.sealed()),
          (System.nanoTime() - began) / 1e9);
      System.out.println(result.isReconciled() ? "reconciled" : "NOT reconciled");
      return result.isReconciled() ? 0 : 1;
    } finally {
      World.clear(folder);
    }
  }
}
