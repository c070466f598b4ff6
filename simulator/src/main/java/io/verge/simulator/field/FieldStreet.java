package io.verge.simulator.field;

import io.verge.simulator.device.Wire;
import io.verge.simulator.field.HostileLine.Fault;
import io.verge.simulator.field.HostileLine.Nature;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A street with devices of every family, each on a bus of its kind, everything going wrong. */
public final class FieldStreet {
  /** The id of the gateway whose street it is. */
  public static final String GATEWAY = "gw-field";

  /** The place of the GPIO board's port. */
  public static final String BOARD = "cabinet";

  /** Faults of an RS-485 bus whose devices answer. */
  static final Set<Fault> BUS = EnumSet.complementOf(EnumSet.of(Fault.STALL));

  /**
   * Those of a sensor that talks by itself on a UART of its own: nobody asks, nobody else is there.
   */
  static final Set<Fault> TALKER =
      EnumSet.of(
          Fault.SILENCE,
          Fault.BIT,
          Fault.TRUNCATED,
          Fault.MERGED,
          Fault.STRAY,
          Fault.BABBLE,
          Fault.BAUD,
          Fault.UNPLUGGED);

  /** Those of an adapter on RS-232: nobody else can speak, and nothing changes its speed. */
  static final Set<Fault> ADAPTER =
      EnumSet.of(
          Fault.SILENCE,
          Fault.LATE,
          Fault.BIT,
          Fault.TRUNCATED,
          Fault.MERGED,
          Fault.ECHO,
          Fault.STRAY,
          Fault.STALL,
          Fault.UNPLUGGED);

  /** Those of a protocol without checksum: what a checksum would find out is left out. */
  static final Set<Fault> UNCHECKED =
      EnumSet.of(
          Fault.SILENCE,
          Fault.LATE,
          Fault.MERGED,
          Fault.ECHO,
          Fault.STRAY,
          Fault.STALL,
          Fault.UNPLUGGED);

  private final long seed;
  private final double share;
  private final Truth truth;
  private final List<FieldBus> buses = new ArrayList<>();

  /**
   * @param share of answers that are spoilt, 0..1.
   */
  public FieldStreet(long seed, double share) {
    this.seed = seed;
    this.share = share;
    this.truth = new Truth(seed);
    LampLines.addTo(this);
    MeterLines.addTo(this);
    SensorLines.addTo(this);
  }

  public Truth truth() {
    return truth;
  }

  /** What a line is made of: its devices with the moment they speak at. */
  @FunctionalInterface
  interface Devices {
    Wire on(Moment moment);
  }

  /**
   * Adds a bus.
   *
   * @param twin devices of the same addresses with other values, or null.
   */
  FieldBus bus(
      String name,
      int baud,
      String format,
      int timeoutMs,
      Set<Fault> faults,
      Function<byte[], String> sender,
      Devices devices,
      @Nullable Devices twin) {
    Moment moment = new Moment();
    EnumSet<Fault> possible = EnumSet.copyOf(faults);
    if (twin == null) {
      possible.remove(Fault.TWO_AT_ONE);
    }
    Nature nature =
        new Nature(
            devices.on(moment),
            twin == null ? null : twin.on(moment),
            sender,
            baud,
            format.equals("8E1"),
            timeoutMs,
            possible,
            share);
    return add(
        FieldBus.of(
            name,
            "baud=" + baud + "&format=" + format,
            timeoutMs,
            new HostileLine(nature, moment, seed * 1_000_003 + name.hashCode())));
  }

  /**
   * A sensor that talks by itself.
   *
   * @param checked whether its frames have a checksum.
   */
  FieldBus talker(String name, int baud, boolean checked, Devices devices) {
    EnumSet<Fault> faults = EnumSet.copyOf(TALKER);
    if (!checked) {
      faults.remove(Fault.BIT);
    }
    return bus(name, baud, "8N1", 300, faults, said -> name, devices, null);
  }

  FieldBus add(FieldBus bus) {
    buses.add(bus);
    return bus;
  }

  /** The serial lines by the name of their bus. */
  public Map<String, HostileLine> lines() {
    Map<String, HostileLine> lines = new LinkedHashMap<>();
    for (FieldBus bus : buses) {
      HostileLine line = bus.line();
      if (line != null) {
        lines.put(bus.name(), line);
      }
    }
    return lines;
  }

  /**
   * The configuration of a gateway for this street.
   *
   * @param port of a serial bus, from its name and its options.
   * @param rest further tables: store, uplink.
   */
  public String configuration(java.util.function.BinaryOperator<String> port, String rest) {
    StringBuilder toml =
        new StringBuilder("# A street with every family of devices.\n[site]\ngateway = \"");
    toml.append(GATEWAY).append("\"\n\n[time]\ntrust = \"system\"\n\n").append(rest);
    for (FieldBus bus : buses) {
      toml.append(
          bus.toml(bus.line() == null ? bus.options() : port.apply(bus.name(), bus.options())));
    }
    return toml.toString();
  }
}
