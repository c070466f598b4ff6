package io.verge.simulator.street;

import io.verge.simulator.device.A02Wire;
import io.verge.simulator.device.LampController;
import io.verge.simulator.device.MbusWire;
import io.verge.simulator.device.ModbusWire;
import io.verge.simulator.device.Sdm120;
import io.verge.simulator.device.Wire;
import io.verge.simulator.pty.Pty;
import io.verge.simulator.pty.PtyServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.DoubleSupplier;

/**
 * The standard street: 40 lamps on two RS-485 lines, 20 containers each on a UART, 30 water meters
 * on an M-Bus, and the cabinet's electricity meter.
 */
public final class Street implements AutoCloseable {
  private static final int LAMP_BUSES = 2;
  private static final int LAMPS_A_BUS = 20;
  private static final int BINS = 20;
  private static final int METERS = 30;
  private static final int EMPTY_MM = 2000;
  private static final int FULL_MM = 300;

  private final SimulatedClock clock;
  private final Map<String, Wire> wires = new LinkedHashMap<>();
  private final List<SimulatedLamp> lamps = new ArrayList<>();
  private final List<DoubleSupplier> fills = new ArrayList<>();
  private final List<SimulatedTap> taps = new ArrayList<>();
  private final PtyServer server = new PtyServer();

  public Street(long seed, SimulatedClock clock) {
    this.clock = clock;
    Random random = new Random(seed);
    for (int b = 1; b <= LAMP_BUSES; b++) {
      ModbusWire wire = new ModbusWire();
      for (int address = 1; address <= LAMPS_A_BUS; address++) {
        SimulatedLamp lamp = new SimulatedLamp(clock, 35 + random.nextInt(50), random.nextDouble());
        lamps.add(lamp);
        wire.put(address, new LampController(lamp));
      }
      wires.put("lamps-" + b, wire);
    }
    MbusWire water = new MbusWire();
    for (int address = 1; address <= METERS; address++) {
      SimulatedTap tap = new SimulatedTap(clock, 100 + random.nextInt(900), random.nextDouble());
      taps.add(tap);
      water.put(
          address,
          new MbusWire.Meter(10_000_000L + random.nextInt(80_000_000), tap::total, tap::flow));
    }
    wires.put("water", water);
    ModbusWire cabinet = new ModbusWire();
    cabinet.put(
        1,
        new Sdm120(
            () -> 45 + lamps.stream().mapToDouble(SimulatedLamp::watts).sum(),
            () -> 5_000 + lamps.stream().mapToDouble(SimulatedLamp::kilowattHours).sum()));
    wires.put("cabinet", cabinet);
    for (int i = 1; i <= BINS; i++) {
      double phase = random.nextDouble();
      double days = 2 + 3 * random.nextDouble();
      wires.put(
          String.format(Locale.ROOT, "bin-%02d", i),
          new A02Wire(() -> (int) (EMPTY_MM - (EMPTY_MM - FULL_MM) * fill(phase, days))));
      fills.add(() -> fill(phase, days));
    }
  }

  /** Containers fill evenly and are emptied every few days. */
  private double fill(double phase, double days) {
    return (clock.utcMs() / (days * 86_400_000) + phase) % 1;
  }

  /** Puts every wire on a pseudo-terminal with a link of its name in the folder. */
  public void open(Path folder) throws IOException {
    Files.createDirectories(folder);
    for (Map.Entry<String, Wire> entry : wires.entrySet()) {
      server.add(Pty.open(folder.resolve(entry.getKey())), entry.getValue());
    }
    server.start();
  }

  /** The wires by the name of their bus. */
  public Map<String, Wire> wires() {
    return Map.copyOf(wires);
  }

  /** Lamp power by asset, in watts. */
  public double watts(int lamp) {
    return lamps.get(lamp).watts();
  }

  /** Per cent per lamp. */
  public int[] levels() {
    return lamps.stream().mapToInt(SimulatedLamp::level).toArray();
  }

  /** Per cent per container. */
  public int[] fills() {
    return fills.stream().mapToInt(fill -> (int) (100 * fill.getAsDouble())).toArray();
  }

  /** Watts of all lamps. */
  public double power() {
    return lamps.stream().mapToDouble(SimulatedLamp::watts).sum();
  }

  /** Litres an hour through all meters. */
  public double water() {
    return taps.stream().mapToDouble(SimulatedTap::flow).sum() * 1000;
  }

  /** The street's time of day, {@code HH:mm}. */
  public String timeOfDay() {
    int minutes = (int) (clock.hour() * 60);
    return String.format(Locale.ROOT, "%02d:%02d", minutes / 60, minutes % 60);
  }

  /** Readings served at the wires that can know it: all but the containers'. */
  public long served() {
    return wires.values().stream().mapToLong(Wire::served).sum();
  }

  /**
   * The configuration of a gateway for this street.
   *
   * @param folder of the links.
   * @param rest further tables: uplinks.
   * @param hasten poll intervals are divided by it; 1: the standard intervals.
   */
  public String configuration(Path folder, String rest, double hasten) {
    StringBuilder toml = new StringBuilder();
    toml.append("# The standard street of the simulator.\n[site]\ngateway = \"gw-demo\"\n");
    toml.append("name = \"Simulated street\"\n\n[time]\ntrust = \"system\"\n\n[local]\n");
    toml.append("socket = \"").append(folder.resolve("verge.sock")).append("\"\n\n").append(rest);
    for (int b = 1; b <= LAMP_BUSES; b++) {
      bus(toml, folder, "lamps-" + b, "baud=9600", "300ms");
      for (int address = 1; address <= LAMPS_A_BUS; address++) {
        device(
            toml,
            String.format(Locale.ROOT, "lamp-%02d", (b - 1) * LAMPS_A_BUS + address),
            "driver = \"modbus\"\nprofile = \"lamp-controller\"\naddress = " + address,
            every(60, hasten));
      }
    }
    bus(toml, folder, "water", "baud=2400&format=8E1", "500ms");
    for (int address = 1; address <= METERS; address++) {
      device(
          toml,
          String.format(Locale.ROOT, "water-%02d", address),
          "driver = \"mbus\"\naddress = " + address,
          every(300, hasten));
    }
    bus(toml, folder, "cabinet", "baud=9600", "300ms");
    device(
        toml,
        "cabinet-1",
        "driver = \"modbus\"\nprofile = \"sdm120\"\naddress = 1",
        every(60, hasten));
    for (int i = 1; i <= BINS; i++) {
      String name = String.format(Locale.ROOT, "bin-%02d", i);
      bus(toml, folder, name, "baud=9600", "300ms");
      device(
          toml,
          name,
          "driver = \"a02\"\nempty_mm = " + EMPTY_MM + "\nfull_mm = " + FULL_MM,
          every(900, hasten));
    }
    return toml.toString();
  }

  private static void bus(
      StringBuilder toml, Path folder, String name, String options, String timeout) {
    toml.append("\n[[bus]]\nname = \"").append(name);
    toml.append("\"\nport = \"serial:").append(folder.resolve(name)).append('?').append(options);
    toml.append("\"\ntimeout = \"").append(timeout).append("\"\n");
  }

  private static void device(StringBuilder toml, String asset, String lines, String every) {
    toml.append("\n[[bus.device]]\nasset = \"").append(asset).append("\"\n").append(lines);
    toml.append("\nevery = \"").append(every).append("\"\n");
  }

  private static String every(int seconds, double hasten) {
    return Math.max(500, Math.round(seconds * 1000 / hasten)) + "ms";
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
