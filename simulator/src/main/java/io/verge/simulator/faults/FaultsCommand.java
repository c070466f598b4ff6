package io.verge.simulator.faults;

import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code verge faults …}. */
@Command(
    name = "faults",
    description = "Fault campaigns, on this machine: minutes; exit code 1 if anything was lost.",
    footer = {"", "Example: verge faults store --kills 200 --cuts 100"},
    mixinStandardHelpOptions = true)
public final class FaultsCommand implements Runnable {
  private final PrintStream out;
  private final PrintStream err;

  @Spec private @org.jspecify.annotations.Nullable CommandSpec spec;

  public FaultsCommand(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  @Override
  public void run() {
    if (spec != null) {
      throw new ParameterException(
          spec.commandLine(), "faults of what? For example: verge faults store");
    }
  }

  @Command(
      name = "link",
      description = {
        "The uplink: a gateway of its own in this process, over lossy, slow, silent and breaking links,"
            + " to brokers that forget and back ends that refuse, lie or die.",
        "At the end of each scene everything acquired must be in the city's ledger once, or be declared"
            + " lost; a line a scene.",
        "The link is emulated in this process, on loopback; simulated time where a scene takes hours."
      },
      footer = {"", "Example: verge faults link --seed 7 --only coap"},
      mixinStandardHelpOptions = true)
  int link(
      @Option(
              names = "--seed",
              defaultValue = "1",
              description = "of the first scene, each next one's is one more (default: 1)")
          long seed,
      @Option(names = "--only", defaultValue = "", description = "scenes whose name contains this")
          String only) {
    return new LinkCampaign(out, err, seed, only.toLowerCase(java.util.Locale.ROOT)).run() ? 0 : 1;
  }

  @Command(
      name = "machine",
      description = {
        "A whole machine in QEMU: kernel, file system, gateway; its power cut at random moments, and"
            + " with it what it had not flushed to its disk.",
        "What the gateway told as committed must be found at the next start and come to the city, once.",
        "packaging/acceptance/power makes kernel, file system and disk, and calls this."
      },
      footer = {
        "",
        "Example: verge faults machine --kernel vmlinuz --initrd gateway.cpio \\",
        "  --disk empty.ext4 --cuts 100"
      },
      mixinStandardHelpOptions = true)
  int machine(
      @Option(names = "--kernel", required = true, paramLabel = "FILE", description = "Linux")
          Path kernel,
      @Option(
              names = "--initrd",
              required = true,
              paramLabel = "FILE",
              description = "file system with a gateway that tells on its second serial line")
          Path initrd,
      @Option(
              names = "--disk",
              required = true,
              paramLabel = "FILE",
              description = "image of an empty ext4 file system; only read")
          Path disk,
      @Option(names = "--cuts", defaultValue = "100", description = "power cuts (default: 100)")
          int cuts,
      @Option(
              names = "--seed",
              defaultValue = "1",
              description = "of every random choice; moments themselves vary (default: 1)")
          long seed,
      @Option(
              names = "--sabotage",
              hidden = true,
              description = "the guest's file system flushes nothing: it must be noticed")
          boolean sabotage)
      throws Exception {
    Path work = Files.createTempDirectory("verge-machine");
    err.println("faults: seed " + seed + ", in " + work);
    StageResult result =
        new MachineStage(
                new MachineStage.Wanted(kernel, initrd, disk, cuts, seed, sabotage),
                work,
                what -> err.println("faults: " + what))
            .run();
    StageTable.print(out, List.of(result));
    return result.verdict().isClean() ? 0 : 1;
  }

  @Command(
      name = "store",
      description = {
        "The buffer: its process killed and its disk's power cut at random moments, every call into"
            + " SQLite failed once, the disk filled; a city receives what it sends.",
        "At the end everything committed must be in the city's ledger once, or be declared lost.",
        "Power cuts and full disks need root, loop devices, e2fsprogs and /dev/fuse."
      },
      footer = {"", "Example: verge faults store --seed 7 --kills 200 --cuts 100"},
      mixinStandardHelpOptions = true)
  int store(
      @Option(
              names = "--seed",
              defaultValue = "1",
              description = "of every random choice; moments themselves vary (default: 1)")
          long seed,
      @Option(
              names = "--kills",
              defaultValue = "200",
              description = "kill -9 of a store process (default: 200; 0: none)")
          int kills,
      @Option(
              names = "--cuts",
              defaultValue = "100",
              description = "power cuts of its disk (default: 100; 0: none)")
          int cuts,
      @Option(
              names = "--fills",
              defaultValue = "10",
              description = "times the disk is filled (default: 10; 0: none)")
          int fills,
      @Option(
              names = "--calls",
              defaultValue = "1",
              description = "fail every n-th call of a workload, by turns (default: 1; 0: none)")
          int calls,
      @Option(
              names = "--sabotage",
              hidden = true,
              description = "switch the store's fsyncs off: power cuts must then be noticed")
          boolean sabotage)
      throws Exception {
    return new StoreCampaign(
                out, err, new StoreCampaign.Wanted(seed, kills, cuts, fills, calls, sabotage))
            .run()
        ? 0
        : 1;
  }
}
