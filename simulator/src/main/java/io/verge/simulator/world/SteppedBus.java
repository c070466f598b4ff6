package io.verge.simulator.world;

import io.verge.config.ConfigReader;
import io.verge.config.SiteConfig;
import io.verge.runtime.Found;
import io.verge.runtime.Gateway;
import io.verge.runtime.Platform;
import io.verge.simulator.device.LampController;
import io.verge.simulator.device.ModbusWire;
import io.verge.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * One RS-485 line of lamp controllers under simulated time, polled by the shipped gateway as fast
 * as its configuration may ask; characters take what they take at 9600 baud.
 */
public final class SteppedBus {
  /** Characters of a poll: request, and answer of nine registers. */
  public static final int POLL_CHARACTERS = 8 + 5 + 18;

  /**
   * Silence between frames: MODBUS over Serial Line V1.02, section 2.5.1.1, before a request; the
   * device's is within its thinking.
   */
  private static final double SILENCE_CHARACTERS = 3.5;

  private static final int POINTS = 7;
  private static final long WARM_NANOS = 600_000_000_000L;

  /** A lamp that is lit. */
  private static final class Lit implements LampController.Lamp {
    @Override
    public int level() {
      return 100;
    }

    @Override
    public void command(int level) {}

    @Override
    public double volts() {
      return 231;
    }

    @Override
    public double watts() {
      return 60;
    }

    @Override
    public double kilowattHours() {
      return 100;
    }

    @Override
    public long hours() {
      return 1000;
    }

    @Override
    public int faults() {
      return 0;
    }
  }

  private SteppedBus() {}

  /** A lamp that burns at full level. */
  public static LampController.Lamp lit() {
    return new Lit();
  }

  /** Seconds a poll takes by the arithmetic of the wire, the device's thinking included. */
  public static double pollSeconds() {
    return (WireProvider.CHARACTER_NANOS * (POLL_CHARACTERS + SILENCE_CHARACTERS)
            + WireProvider.THINKING_NANOS)
        / 1e9;
  }

  /**
   * Polls devices for some simulated time, after ten minutes that do not count.
   *
   * @param living devices that answer, at the first addresses.
   * @param dead devices that do not.
   * @return whole answers a second.
   */
  public static double answersASecond(int living, int dead, int seconds)
      throws IOException, StoreException {
    Path folder = World.folder();
    try {
      ModbusWire wire = new ModbusWire();
      for (int address = 1; address <= living; address++) {
        wire.put(address, new LampController(lit()));
      }
      VirtualTime time = new VirtualTime(World.BEGIN_UTC_MS);
      SteppedCrew crew = new SteppedCrew(time);
      WireProvider wires = new WireProvider(Map.of("line", wire));
      Platform platform =
          new Platform(time, time, 1, crew, List.of(wires), List.of(), new Random(3), "simulated");
      Gateway gateway =
          Gateway.start(config(folder, wires, living + dead), folder.resolve("data"), platform);
      crew.runUntil(time.nanos() + WARM_NANOS);
      long before = wire.served();
      crew.runUntil(time.nanos() + seconds * 1_000_000_000L);
      long served = wire.served() - before;
      gateway.stop();
      return served / (double) POINTS / seconds;
    } finally {
      World.clear(folder);
    }
  }

  private static SiteConfig config(Path folder, WireProvider wires, int devices)
      throws IOException {
    StringBuilder toml =
        new StringBuilder("[site]\ngateway = \"gw-bus\"\n\n[time]\ntrust = \"system\"\n");
    toml.append("\n[[bus]]\nname = \"line\"\nport = \"sim:line\"\ntimeout = \"300ms\"\n");
    for (int address = 1; address <= devices; address++) {
      toml.append("\n[[bus.device]]\nasset = \"lamp-").append(address);
      toml.append("\"\ndriver = \"modbus\"\nprofile = \"lamp-controller\"\naddress = ");
      toml.append(address).append("\nevery = \"500ms\"\n");
    }
    Path file = folder.resolve("gateway.toml");
    Files.writeString(file, toml);
    ConfigReader.Result read = Found.configReader(List.of(wires), Set.of()).read(file);
    SiteConfig config = read.config();
    if (config == null) {
      throw new IllegalStateException("the line's configuration: " + read.problems());
    }
    return config;
  }
}
