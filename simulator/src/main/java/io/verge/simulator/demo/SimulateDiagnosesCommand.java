package io.verge.simulator.demo;

import io.verge.simulator.street.Recordings;
import io.verge.simulator.trial.DiagnosisTrial;
import io.verge.simulator.trial.ForecastTrial;
import io.verge.simulator.trial.Judged;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code verge simulate diagnoses}. */
@Command(
    name = "diagnoses",
    description =
        "Tries the diagnoses on recordings of real containers and taps: what they found, and what"
            + " they told falsely; exit code 1 without recordings.",
    footer = {"", "Example: verge simulate diagnoses --recordings ../shared/datasets"},
    mixinStandardHelpOptions = true)
final class SimulateDiagnosesCommand implements Callable<Integer> {
  @Option(names = "--recordings", description = "their folder (default: beside the checkout)")
  private @Nullable Path folder;

  @Override
  public Integer call() throws IOException {
    Recordings recordings = folder == null ? Recordings.found() : Recordings.in(folder);
    if (recordings.isEmpty()) {
      System.err.println(
          "verge: no recordings there; gateway-core/docs/diagnoses.md names their sources");
      return 1;
    }
    System.out.println("| diagnosis | on | cases | found | others | falsely |");
    System.out.println("|---|---|---|---|---|---|");
    for (Judged one : DiagnosisTrial.all(recordings)) {
      System.out.printf(
          Locale.ROOT,
          "| %s | %s | %d | %d | %d | %d |%n",
          one.diagnosis(),
          one.input(),
          one.cases(),
          one.found(),
          one.others(),
          one.falsely());
    }
    System.out.println();
    System.out.println("| forecast on | made | error, days (median) | in the band |");
    System.out.println("|---|---|---|---|");
    for (ForecastTrial.Figure one : ForecastTrial.all(recordings)) {
      System.out.printf(
          Locale.ROOT,
          "| %s | %d | %.1f of %.1f | %.0f %% |%n",
          one.input(),
          one.made(),
          one.medianErrorDays(),
          one.medianDays(),
          100 * one.inBand());
    }
    return 0;
  }
}
