package io.verge.simulator.demo;

import io.verge.cli.CliExtension;
import io.verge.simulator.bench.BenchCommand;
import io.verge.simulator.faults.FaultsCommand;
import java.util.List;

/** Adds {@code demo}, {@code simulate}, {@code bench} and {@code faults} to the command line. */
public final class SimulatorCommands implements CliExtension {
  @Override
  public List<Object> commands() {
    return List.of(
        new DemoCommand(System.out, System.err),
        new SimulateCommand(),
        new BenchCommand(System.out, System.err),
        new FaultsCommand(System.out, System.err));
  }
}
