package io.verge.simulator.demo;

import io.verge.simulator.field.FieldJudge;
import io.verge.simulator.world.FieldWorld;
import io.verge.simulator.world.World;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code verge simulate field}. */
@Command(
    name = "field",
    description = {
      "A street with devices of every family on lines where everything goes wrong, before the real"
          + " gateway; every reading that reaches the city is held against the truth.",
      "Exit code 0 only if all is reconciled and no good reading is wrong."
    },
    footer = {
      "",
      "Example: verge simulate field --seconds 600 --seed 1",
      "         verge simulate field --virtual --seconds 36000 --share 0.25"
    },
    mixinStandardHelpOptions = true)
final class SimulateFieldCommand implements Callable<Integer> {
  private final PrintStream out = System.out;

  @Option(names = "--seconds", defaultValue = "600", description = "how long (default: 600)")
  private int seconds;

  @Option(names = "--seed", defaultValue = "1", description = "which street (default: 1)")
  private long seed;

  @Option(
      names = "--share",
      defaultValue = "0.1",
      description = "of answers that are spoilt, 0 to 1 (default: 0.1)")
  private double share;

  @Option(
      names = "--virtual",
      description = "in simulated time, without terminals and processes: hours in seconds")
  private boolean virtual;

  @Override
  public Integer call() throws Exception {
    Path folder = World.folder();
    try {
      if (virtual) {
        return inSimulatedTime(folder);
      }
      try (FieldRun run = new FieldRun(seed, share, folder, out)) {
        return run.run(seconds);
      }
    } finally {
      World.clear(folder);
    }
  }

  private int inSimulatedTime(Path folder) throws Exception {
    FieldWorld.Result result = FieldWorld.run(seed, seconds, share, folder);
    FieldJudge.Verdict verdict = result.verdict();
    out.println(result.report().table());
    out.println("faults " + result.faults());
    verdict.named().forEach(out::println);
    out.printf(
        Locale.ROOT,
        "seed %d, %d s, share %.2f: acquired %d, stored %d; good values judged %d, wrong %d%n",
        seed,
        seconds,
        share,
        result.acquired(),
        result.report().totalReadings(),
        verdict.judged(),
        verdict.wrong());
    return result.isReconciled() && verdict.wrong() == 0 ? 0 : 1;
  }
}
