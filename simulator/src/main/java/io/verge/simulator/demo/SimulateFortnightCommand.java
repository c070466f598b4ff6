package io.verge.simulator.demo;

import io.verge.simulator.world.Almanac;
import io.verge.simulator.world.Almanac.Deviation;
import io.verge.simulator.world.Fortnight;
import io.verge.simulator.world.World;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code verge simulate fortnight}. */
@Command(
    name = "fortnight",
    description =
        "Fourteen days without a link under simulated time, the first two without a clock: lamp"
            + " by lamp against the almanac, what the rules found, then the reconciliation.",
    footer = {"", "Example: verge simulate fortnight --seed 11"},
    mixinStandardHelpOptions = true)
final class SimulateFortnightCommand implements Callable<Integer> {
  private static final int LATE_MOST = 2;

  @Option(names = "--seed", defaultValue = "11", description = "which one (default: 11)")
  private long seed;

  @Override
  public Integer call() throws Exception {
    Path folder = World.folder();
    try {
      long began = System.nanoTime();
      Fortnight.Result result = Fortnight.run(seed, folder);
      boolean lit = lamps(Almanac.deviations(result));
      System.out.println();
      for (Fortnight.Told told : result.told()) {
        System.out.printf(
            Locale.ROOT,
            "%-20s  %-14s  %-8s  %s%n",
            told.utcMs() == 0 ? "not dated" : Instant.ofEpochMilli(told.utcMs() / 1000 * 1000),
            told.kind(),
            told.about(),
            told.details());
      }
      World.Result world = result.world();
      System.out.println();
      System.out.println(world.report().table());
      System.out.printf(
          Locale.ROOT,
          "seed %d, %d days offline, %d of them without a clock: acquired %d, stored %d, declared"
              + " %d; %.1f s%n",
          seed,
          Fortnight.DAYS,
          Fortnight.UNTRUSTED_DAYS,
          world.acquired(),
          world.stored(),
          world.declared(),
          (System.nanoTime() - began) / 1e9);
      System.out.println(world.isReconciled() ? "reconciled" : "NOT reconciled");
      return world.isReconciled() && lit ? 0 : 1;
    } finally {
      World.clear(folder);
    }
  }

  /** Returns whether every lamp changed when the almanac says. */
  private static boolean lamps(List<Deviation> deviations) {
    System.out.println("ALMANAC, UT        LEVEL  FIRST LAMP  LAST LAMP");
    boolean lit = true;
    for (Deviation one : deviations) {
      System.out.printf(
          Locale.ROOT,
          "%.16s  %4d%%  %+7d min  %+6d min%n",
          one.at().toString().replace('T', ' '),
          one.level(),
          one.first(),
          one.last());
      lit &= one.first() >= -1 && one.last() <= LATE_MOST;
    }
    System.out.println(
        deviations.size()
            + " changes of 40 lamps, "
            + (lit ? "each within " + LATE_MOST + " minutes" : "NOT all within 2 minutes"));
    return lit;
  }
}
