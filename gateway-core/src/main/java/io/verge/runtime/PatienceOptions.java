package io.verge.runtime;

import io.verge.update.Updater;
import java.io.PrintStream;
import java.time.Duration;
import picocli.CommandLine.Option;

/** How long a new version may take to do its work, for the commands that start one. */
final class PatienceOptions {
  private static final int SECONDS_MAX = 86_400;

  @Option(
      names = "--within",
      paramLabel = "SECONDS",
      defaultValue = "300",
      description = "time to become healthy (default: ${DEFAULT-VALUE})")
  private int within;

  @Option(
      names = "--steady",
      paramLabel = "SECONDS",
      defaultValue = "30",
      description = "time to stay healthy (default: ${DEFAULT-VALUE})")
  private int steady;

  /** Whether a new version can be judged in these times; if not, that is printed. */
  boolean isPossible(PrintStream err) {
    boolean is = within >= 1 && steady >= 0 && within <= SECONDS_MAX && steady <= SECONDS_MAX;
    if (!is) {
      err.println("verge: --within and --steady take 1 to 86400 seconds");
    }
    return is;
  }

  Updater.Patience patience() {
    return new Updater.Patience(Duration.ofSeconds(within), Duration.ofSeconds(steady));
  }
}
