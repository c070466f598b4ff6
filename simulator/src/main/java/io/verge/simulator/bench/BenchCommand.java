package io.verge.simulator.bench;

import java.io.PrintStream;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code verge bench …}. */
@Command(
    name = "bench",
    description =
        "The benchmarks, on this machine: one JSON line a figure on standard output, a summary on"
            + " standard error.",
    footer = {"", "Example: verge bench wire"},
    mixinStandardHelpOptions = true)
public final class BenchCommand implements Runnable {
  private final PrintStream out;
  private final PrintStream err;

  @Spec private @org.jspecify.annotations.Nullable CommandSpec spec;

  public BenchCommand(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  @Override
  public void run() {
    if (spec != null) {
      throw new ParameterException(spec.commandLine(), "bench what? For example: verge bench wire");
    }
  }

  @Command(
      name = "wire",
      description =
          "Bytes a reading of the uplink's batches over a day of the standard street, and how fast"
              + " they are encoded and decoded; SenML beside it.",
      footer = {"", "Example: verge bench wire --hours 24"},
      mixinStandardHelpOptions = true)
  int wire(
      @Option(names = "--hours", defaultValue = "24", description = "of street (default: 24)")
          int hours,
      @Option(names = "--seed", defaultValue = "1", description = "which street (default: 1)")
          long seed)
      throws Exception {
    new WireBench(new Figures("wire", out, err), seed, hours).run();
    return 0;
  }

  @Command(
      name = "store",
      description =
          "The buffer: readings a second, bytes the card is told to write (as root, on a private"
              + " ext4 loop device) beside a bare log of the same commits, opening, heap.",
      footer = {"", "Example: verge bench store --backlog 10000000"},
      mixinStandardHelpOptions = true)
  int store(
      @Option(
              names = "--backlog",
              defaultValue = "10000000",
              description = "readings buffered where the backlog matters (default: 10000000)")
          long backlog,
      @Option(
              names = "--only",
              paramLabel = "PART",
              split = ",",
              description = "of ${COMPLETION-CANDIDATES} (default: all)")
          Set<StoreBench.Part> only)
      throws Exception {
    new StoreBench(new Figures("store", out, err), backlog)
        .run(only == null ? EnumSet.allOf(StoreBench.Part.class) : only);
    return 0;
  }

  @Command(
      name = "drain",
      description =
          "A backlog over an emulated mobile link in real time, as the gateway sends it: share of the"
              + " line, how long events and commands take beside it; commands on loopback.",
      footer = {"", "Example: verge bench drain --rate 8000 --round-trip 600"},
      mixinStandardHelpOptions = true)
  int drain(
      @Option(
              names = "--readings",
              defaultValue = "3200000",
              description = "in the backlog: a week of the street (default: 3200000)")
          long readings,
      @Option(
              names = "--rate",
              defaultValue = "8000",
              description = "bytes/s each way (default: 8000, which is 64 kbit/s)")
          int rate,
      @Option(names = "--round-trip", defaultValue = "600", description = "ms (default: 600)")
          int roundTrip,
      @Option(
              names = "--unknown-link",
              description = "the gateway had not seen the link before the backlog grew")
          boolean unknown,
      @Option(
              names = "--commands",
              defaultValue = "100",
              description = "over the link, and on loopback (default: 100)")
          int commands,
      @Option(names = "--seed", defaultValue = "1", description = "which street (default: 1)")
          long seed)
      throws Exception {
    new DrainBench(
            new Figures("drain", out, err),
            new DrainBench.Wanted(readings, rate, roundTrip, !unknown, commands),
            seed)
        .run();
    return 0;
  }

  @Command(
      name = "bus",
      description =
          "What share of a serial line's arithmetic the polls of the gateway reach at"
              + " pseudo-terminals paced to 9600 baud, what is left for the others when devices are"
              + " dead, CPU of ten busy lines; about six minutes. packaging/bench/bus compares with"
              + " libmodbus and j2mod.",
      footer = {"", "Example: verge bench bus --seconds 10"},
      mixinStandardHelpOptions = true)
  int bus(
      @Option(
              names = "--seconds",
              defaultValue = "10",
              description = "a run of the efficiency; the others take multiples (default: 10)")
          int seconds,
      @Option(names = "--runs", defaultValue = "5", description = "of it (default: 5)") int runs,
      @Option(
              names = "--part",
              description =
                  "only this, as often as wanted: ${COMPLETION-CANDIDATES} (default: all)")
          @org.jspecify.annotations.Nullable
          Set<BusBench.Part> parts,
      @Option(
              names = "--peer",
              paramLabel = "NAME=COMMAND",
              description =
                  "another master, as often as wanted: polls the units 1..N without end, nine input"
                      + " registers from 0; port, baud rate and N are added to its command")
          @org.jspecify.annotations.Nullable
          Map<String, String> peers)
      throws Exception {
    Map<String, List<String>> commands = new LinkedHashMap<>();
    if (peers != null) {
      peers.forEach((name, command) -> commands.put(name, List.of(command.trim().split(" +", -1))));
    }
    new BusBench(new Figures("bus", out, err), seconds, runs, commands)
        .run(parts == null ? EnumSet.allOf(BusBench.Part.class) : EnumSet.copyOf(parts));
    return 0;
  }
}
