package io.verge.simulator.bench;

import io.verge.simulator.device.LampController;
import io.verge.simulator.device.ModbusWire;
import io.verge.simulator.pty.PacedLine;
import io.verge.simulator.world.SteppedBus;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Lines of lamp controllers on pseudo-terminals, paced to 9600 baud, and their configuration. */
final class LineRig implements AutoCloseable {
  static final int BAUD = 9600;

  /** From the end of a request to the beginning of its answer. */
  static final long THINKING_NANOS = 4_000_000;

  static final int TIMEOUT_MS = 300;

  /** Characters of a poll: request of 8, answer of nine registers. */
  private static final int POLL_CHARACTERS = 8 + 5 + 18;

  private final Path folder;
  private final List<PacedLine> lines = new ArrayList<>();

  /**
   * @param living devices a line has, at the addresses from 1 on.
   */
  LineRig(Path folder, int lines, int living) throws IOException {
    this.folder = folder;
    for (int i = 0; i < lines; i++) {
      ModbusWire wire = new ModbusWire();
      for (int address = 1; address <= living; address++) {
        wire.put(address, new LampController(SteppedBus.lit()));
      }
      this.lines.add(new PacedLine(wire, port(i), BAUD, THINKING_NANOS));
    }
  }

  Path port(int line) {
    return folder.resolve("line-" + line);
  }

  /** Where the gateway can be asked. */
  Path socket() {
    return folder.resolve("verge.sock");
  }

  /** By the arithmetic of the wire. */
  static double pollSeconds() {
    return (POLL_CHARACTERS * PacedLine.characterNanos(BAUD)
            + PacedLine.silenceNanos(BAUD)
            + THINKING_NANOS)
        / 1e9;
  }

  /** What all lines have seen. */
  PacedLine.Seen seen() {
    PacedLine.Seen sum = new PacedLine.Seen(0, 0, 0, 0);
    for (PacedLine line : lines) {
      sum = sum.plus(line.seen());
    }
    return sum;
  }

  /**
   * A gateway's configuration.
   *
   * @param devices a line is believed to have, at the addresses from 1 on.
   */
  String toml(int devices, String every) {
    StringBuilder toml =
        new StringBuilder("[site]\ngateway = \"gw-bus\"\n\n[time]\ntrust = \"system\"\n");
    toml.append("\n[local]\nsocket = \"").append(socket()).append("\"\n");
    for (int line = 0; line < lines.size(); line++) {
      toml.append("\n[[bus]]\nname = \"line-").append(line);
      toml.append("\"\nport = \"serial:").append(port(line)).append("?baud=").append(BAUD);
      toml.append("\"\ntimeout = \"").append(TIMEOUT_MS).append("ms\"\n");
      for (int address = 1; address <= devices; address++) {
        toml.append("\n[[bus.device]]\nasset = \"lamp-").append(line).append('-').append(address);
        toml.append("\"\ndriver = \"modbus\"\nprofile = \"lamp-controller\"\naddress = ");
        toml.append(address).append("\nevery = \"").append(every).append("\"\n");
      }
    }
    return toml.toString();
  }

  @Override
  public void close() throws IOException {
    for (PacedLine line : lines) {
      line.close();
    }
  }
}
