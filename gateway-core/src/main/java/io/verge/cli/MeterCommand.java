package io.verge.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "meter",
    description = "Sets up a meter that the gateway counts for.",
    footer = {"", "Example: verge meter set-total water-03 1234.567"},
    mixinStandardHelpOptions = true)
final class MeterCommand implements Runnable {
  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    if (spec != null) {
      throw new ParameterException(
          spec.commandLine(), "which? For example: verge meter set-total water-03 1234.567");
    }
  }
}
