package io.verge.simulator.demo;

import io.verge.cli.CliExtension;
import java.util.List;

/** Adds {@code demo} and {@code simulate} to the command line. */
public final class SimulatorCommands implements CliExtension {
  @Override
  public List<Object> commands() {
    return List.of(new DemoCommand(System.out, System.err), new SimulateCommand());
  }
}
