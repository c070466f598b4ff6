package io.verge.simulator.street;

import io.verge.simulator.device.A02Wire;
import io.verge.simulator.device.LampController;
import io.verge.simulator.device.MbusMeter;
import io.verge.simulator.device.MbusWire;
import io.verge.simulator.device.ModbusWire;
import io.verge.simulator.device.Plug;
import io.verge.simulator.device.PmsWire;
import io.verge.simulator.device.Sdm120;
import io.verge.simulator.device.Sds011Wire;
import io.verge.simulator.device.Wire;
import io.verge.simulator.pty.Pty;
import io.verge.simulator.pty.PtyServer;
import io.verge.simulator.wire.TcpWire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * The standard street: 40 lamps on two RS-485 lines, 20 containers each on a UART, 30 water meters
 * on an M-Bus, four air sensors each on a UART, and the cabinet's electricity meter behind a
 * converter to Ethernet.
 */
public final class Street implements AutoCloseable {
  /** The id of the gateway whose street it is. */
  public static final String GATEWAY = "gw-demo";

  private static final int LAMP_BUSES = 2;
  private static final int LAMPS_A_BUS = 20;
  private static final int BINS = 20;
  private static final int METERS = 30;
  private static final int AIR_SENSORS = 4;
  private static final String CABINET = "cabinet";

  /** South, where clocks go forward in September; see {@link #PLAN}. */
  private static final String SITE =
      """
      latitude = -36.8333
      longitude = 174.8
      zone = "Pacific/Auckland"
      """;

  /** A lamp plan for the configuration: dimmed from eleven to five. */
  public static final String PLAN =
      """

      [[plan]]
      name = "street"
      lamps = ["lamp-*"]
      on = "sunset"
      off = "sunrise"

      [[plan.step]]
      at = "23:00"
      level = "60%"

      [[plan.step]]
      at = "05:00"
      level = "100%"
      """;

  private static final int EMPTY_MM = 2000;
  private static final int FULL_MM = 300;

  /** The recorded containers are lower than the street's own. */
  private static final double RECORDED_EMPTY_MM = 1400;

  private static final double RECORDED_FULL_MM = 150;

  private static final long YEAR_MS = 365L * 86_400_000;

  private final SimulatedClock clock;
  private final Recordings recordings;
  private final Map<String, Plug> wires = new LinkedHashMap<>();
  private final List<SimulatedLamp> lamps = new ArrayList<>();
  private final Map<String, SimulatedBin> bins = new LinkedHashMap<>();
  private final List<Tap> taps = new ArrayList<>();
  private final PtyServer server = new PtyServer();
  private @Nullable TcpWire converter;

  /** A street whose water and waste are computed. */
  public Street(long seed, SimulatedClock clock) {
    this(seed, clock, Recordings.none());
  }

  /** A street whose water and waste follow recordings of real ones, where there are any. */
  public Street(long seed, SimulatedClock clock, Recordings recordings) {
    this.clock = clock;
    this.recordings = recordings;
    Random random = new Random(seed);
    for (int b = 1; b <= LAMP_BUSES; b++) {
      ModbusWire wire = new ModbusWire();
      for (int address = 1; address <= LAMPS_A_BUS; address++) {
        SimulatedLamp lamp = new SimulatedLamp(clock, 35 + random.nextInt(50), random.nextDouble());
        lamps.add(lamp);
        wire.put(address, new LampController(lamp));
      }
      wires.put("lamps-" + b, new Plug(wire));
    }
    MbusWire water = new MbusWire();
    for (int address = 1; address <= METERS; address++) {
      Tap tap = tap(100 + random.nextInt(900), random.nextDouble());
      taps.add(tap);
      water.put(
          MbusMeter.water(
              address, 10_000_000L + random.nextInt(80_000_000), tap::total, tap::flow));
    }
    wires.put("water", new Plug(water));
    ModbusWire cabinet = new ModbusWire();
    cabinet.put(
        1,
        new Sdm120(
            () -> 45 + lamps.stream().mapToDouble(SimulatedLamp::watts).sum(),
            () -> 5_000 + lamps.stream().mapToDouble(SimulatedLamp::kilowattHours).sum()));
    wires.put(CABINET, new Plug(cabinet));
    for (int i = 1; i <= BINS; i++) {
      double phase = random.nextDouble();
      double days = 2 + 3 * random.nextDouble();
      int which = i;
      SimulatedBin bin = new SimulatedBin(() -> fill(which, phase, days), EMPTY_MM, FULL_MM);
      String name = bin(i);
      wires.put(name, new Plug(new A02Wire(bin::distanceMm)));
      bins.put(name, bin);
    }
    for (int i = 1; i <= AIR_SENSORS; i++) {
      SimulatedAir air = new SimulatedAir(clock, random.nextDouble());
      wires.put(
          air(i),
          new Plug(
              isPlantower(i)
                  ? new PmsWire(air::pm1, air::pm25, air::pm10)
                  : new Sds011Wire(random.nextInt(0x10000), air::pm25, air::pm10)));
    }
  }

  private static String lamp(int number) {
    return String.format(Locale.ROOT, "lamp-%02d", number);
  }

  private static String bin(int number) {
    return String.format(Locale.ROOT, "bin-%02d", number);
  }

  private static String air(int number) {
    return "air-" + number;
  }

  /** Two makes: the first two sensors are Plantower's, the others Nova's. */
  private static boolean isPlantower(int number) {
    return number <= AIR_SENSORS / 2;
  }

  private Tap tap(double total, double phase) {
    Recording water = recordings.water();
    return water == null
        ? new SimulatedTap(clock, total, phase)
        : new RecordedTap(clock, water, total, phase);
  }

  /** Containers fill as recorded, or evenly, and are emptied every few days. */
  private double fill(int which, double phase, double days) {
    if (!recordings.containers().isEmpty()) {
      Recording heights = recordings.containers().get(which % recordings.containers().size());
      double mm = heights.value(clock.utcMs() + (long) (phase * YEAR_MS));
      return Math.min(
          1, Math.max(0, (RECORDED_EMPTY_MM - mm) / (RECORDED_EMPTY_MM - RECORDED_FULL_MM)));
    }
    return (clock.utcMs() / (days * 86_400_000) + phase) % 1;
  }

  /**
   * Puts every wire on a pseudo-terminal with a link of its name in the folder, the cabinet's on a
   * TCP port. A configuration made afterwards knows the port.
   */
  public void open(Path folder) throws IOException {
    Files.createDirectories(folder);
    for (Map.Entry<String, Plug> entry : wires.entrySet()) {
      if (entry.getKey().equals(CABINET)) {
        converter = TcpWire.open(entry.getValue());
      } else {
        server.add(Pty.open(folder.resolve(entry.getKey())), entry.getValue());
      }
    }
    server.start();
  }

  /** The wires by the name of their bus. */
  public Map<String, Wire> wires() {
    return Map.copyOf(wires);
  }

  /** A wire by the name of its bus, to be pulled out; null: no such bus. Any thread. */
  public @Nullable Plug plug(String bus) {
    return wires.get(bus);
  }

  /** Null: no such lamp. Any thread. */
  @Nullable SimulatedLamp lamp(String name) {
    for (int i = 0; i < lamps.size(); i++) {
      if (lamp(i + 1).equals(name)) {
        return lamps.get(i);
      }
    }
    return null;
  }

  /** Null: no such container. Any thread. */
  @Nullable SimulatedBin container(String name) {
    return bins.get(name);
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
    return bins.values().stream().mapToInt(bin -> (int) (100 * bin.fill())).toArray();
  }

  /** Watts of all lamps. */
  public double power() {
    return lamps.stream().mapToDouble(SimulatedLamp::watts).sum();
  }

  /** Litres an hour through all meters. */
  public double water() {
    return taps.stream().mapToDouble(Tap::flow).sum() * 1000;
  }

  /** The street's time of day, {@code HH:mm}. */
  public String timeOfDay() {
    int minutes = (int) (clock.hour() * 60);
    return String.format(Locale.ROOT, "%02d:%02d", minutes / 60, minutes % 60);
  }

  /**
   * Readings served at the wires that can know it: those asked for, not those that talk by
   * themselves.
   */
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
    toml.append("# The standard street of the simulator.\n[site]\n");
    toml.append("gateway = \"").append(GATEWAY).append("\"\n");
    toml.append("name = \"Simulated street\"\n")
        .append(SITE)
        .append("\n[time]\ntrust = \"system\"\n\n[local]\n");
    toml.append("socket = \"").append(folder.resolve("verge.sock")).append("\"\n\n").append(rest);
    for (int b = 1; b <= LAMP_BUSES; b++) {
      bus(toml, folder, "lamps-" + b, "baud=9600", "300ms");
      for (int address = 1; address <= LAMPS_A_BUS; address++) {
        device(
            toml,
            lamp((b - 1) * LAMPS_A_BUS + address),
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
    TcpWire ethernet = converter;
    if (ethernet == null) {
      bus(toml, folder, CABINET, "baud=9600", "300ms");
    } else {
      bus(toml, CABINET, "tcp:127.0.0.1:" + ethernet.port(), "300ms");
    }
    device(
        toml,
        "cabinet-1",
        "driver = \"modbus\"\nprofile = \"sdm120\"\naddress = 1",
        every(60, hasten));
    for (int i = 1; i <= BINS; i++) {
      String name = bin(i);
      bus(toml, folder, name, "baud=9600", "300ms");
      device(
          toml,
          name,
          "driver = \"a02\"\nempty_mm = " + EMPTY_MM + "\nfull_mm = " + FULL_MM,
          every(900, hasten));
    }
    for (int i = 1; i <= AIR_SENSORS; i++) {
      bus(toml, folder, air(i), "baud=9600", "300ms");
      String driver = isPlantower(i) ? "pms" : "sds011";
      device(toml, air(i), "driver = \"" + driver + "\"", every(60, hasten));
    }
    return toml.toString();
  }

  private static void bus(
      StringBuilder toml, Path folder, String name, String options, String timeout) {
    bus(toml, name, "serial:" + folder.resolve(name) + "?" + options, timeout);
  }

  private static void bus(StringBuilder toml, String name, String port, String timeout) {
    toml.append("\n[[bus]]\nname = \"").append(name);
    toml.append("\"\nport = \"").append(port);
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
    try (TcpWire ethernet = converter) {
      server.close();
    }
  }
}
