package io.verge.simulator.demo;

import io.verge.simulator.pty.Pty;
import io.verge.simulator.pty.PtyServer;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code verge simulate bus}. */
@Command(
    name = "bus",
    description = {
      "Serves a bus of unknown devices on a pseudo-terminal, for verge scan.",
      "Prints each device's place, the speed, and \"ready\"; ends on SIGTERM."
    },
    footer = {"", "Example: verge simulate bus --port meters --mbus 20 --old 3"},
    mixinStandardHelpOptions = true)
final class SimulateBusCommand implements Callable<Integer> {
  private static final int DEVICES_MOST = 200;

  private final PrintStream out = System.out;

  @Spec private @Nullable CommandSpec spec;

  @Option(names = "--port", required = true, description = "the port, a link that is made")
  private Path port = Path.of("unset");

  /** Which devices. */
  static final class Kind {
    @Option(names = "--mbus", paramLabel = "N", description = "M-Bus meters without addresses")
    private int mbus = -1;

    @Option(names = "--modbus", paramLabel = "N", description = "Modbus devices")
    private int modbus = -1;
  }

  @ArgGroup(multiplicity = "1")
  private Kind kind = new Kind();

  @Option(
      names = "--old",
      paramLabel = "N",
      defaultValue = "0",
      description = "M-Bus meters more that hear no selection")
  private int old;

  @Option(
      names = "--baud",
      defaultValue = "0",
      description = "of a Modbus bus (default: the seed chooses)")
  private int baud;

  @Option(names = "--seed", defaultValue = "1", description = "which devices (default: 1)")
  private long seed;

  @Override
  public Integer call() throws IOException, InterruptedException {
    int wanted = Math.max(kind.mbus, kind.modbus);
    if (wanted < 0 || wanted > DEVICES_MOST || old < 0 || old > DEVICES_MOST) {
      throw new ParameterException(
          java.util.Objects.requireNonNull(spec).commandLine(),
          "found " + wanted + " and " + old + " devices, expected 0.." + DEVICES_MOST);
    }
    UnknownBus bus =
        kind.mbus >= 0
            ? UnknownBus.mbus(kind.mbus, old, seed)
            : UnknownBus.modbus(kind.modbus, baud, seed);
    CountDownLatch never = new CountDownLatch(1);
    try (PtyServer server = new PtyServer()) {
      server.add(Pty.open(port.toAbsolutePath()), bus.wire(), bus.baud());
      server.start();
      bus.places().forEach(place -> out.println("device " + place));
      out.println("speed " + bus.baud());
      out.println("ready");
      never.await();
    }
    return 0;
  }
}
