package io.verge.simulator.demo;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code verge simulate …}. */
@Command(
    name = "simulate",
    description = "Parts of the demo, each alone, for use with a real gateway or back end.",
    footer = {"", "Example: verge simulate street --dir street"},
    subcommands = {
      SimulateStreetCommand.class,
      SimulateBusCommand.class,
      SimulateBackendCommand.class,
      SimulateFilesCommand.class,
      SimulateLinkCommand.class,
      SimulateWorldCommand.class,
      SimulateFortnightCommand.class,
      SimulateDiagnosesCommand.class,
      SimulateFieldCommand.class,
      SimulateFleetCommand.class,
      FieldGateway.class
    },
    mixinStandardHelpOptions = true)
final class SimulateCommand implements Runnable {
  @Spec private @org.jspecify.annotations.Nullable CommandSpec spec;

  @Override
  public void run() {
    if (spec != null) {
      throw new ParameterException(
          spec.commandLine(), "simulate what? For example: verge simulate street --dir street");
    }
  }
}
