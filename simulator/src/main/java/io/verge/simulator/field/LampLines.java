package io.verge.simulator.field;

import io.verge.simulator.device.AtxWire;
import io.verge.simulator.device.DaliGears;
import io.verge.simulator.device.LampController;
import io.verge.simulator.device.LubaWire;
import io.verge.simulator.device.ModbusWire;
import io.verge.simulator.device.RelayBoard;
import io.verge.simulator.device.SciWire;
import io.verge.simulator.device.Sdm120;
import io.verge.simulator.device.Wire;
import io.verge.simulator.field.HostileLine.Fault;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongUnaryOperator;

/** Lamps on Modbus, on DALI behind three masters, on GPIO; and the cabinet's Modbus meter. */
final class LampLines {
  private static final int LAMPS = 6;
  private static final int RELAYS = 20;
  private static final int IO = 21;
  private static final int GEARS = 3;
  private static final double SDM_VOLTS = 231.5;
  private static final double SDM_FACTOR = 0.97;

  private LampLines() {}

  static void addTo(FieldStreet street) {
    modbus(street);
    cabinet(street);
    dali(street, "sci", 38_400, FieldStreet.ADAPTER, SciWire::new);
    dali(street, "luba", 38_400, FieldStreet.ADAPTER, LubaWire::new);
    dali(street, "atx", 19_200, FieldStreet.UNCHECKED, AtxWire::new);
    lines(street);
  }

  private static void modbus(FieldStreet street) {
    FieldBus bus =
        street.bus(
            "lamps",
            9600,
            "8N1",
            200,
            FieldStreet.BUS,
            said -> "unit " + said[0],
            moment -> lampsAndBoards(street.truth(), moment),
            moment -> controllers(street.truth(), "twin-", moment));
    for (int address = 1; address <= LAMPS; address++) {
      bus.device(
          "lamp-" + address,
          "5s",
          "driver = \"modbus\"\nprofile = \"lamp-controller\"\naddress = " + address);
    }
    bus.device(
        "contactor-1",
        "5s",
        "driver = \"modbus\"\nprofile = \"waveshare-relay-d-lamp\"\naddress = "
            + RELAYS
            + "\nchannel = 3\ncontact = \"nc\"");
    bus.device(
        "io-1", "5s", "driver = \"modbus\"\nprofile = \"waveshare-io-8ch\"\naddress = " + IO);
  }

  private static ModbusWire controllers(Truth truth, String prefix, Moment moment) {
    ModbusWire wire = new ModbusWire();
    for (int address = 1; address <= LAMPS; address++) {
      wire.put(address, new LampController(new TrueLamp(truth, prefix + address, moment)));
    }
    return wire;
  }

  /**
   * The boards have no twins: answers of one byte differ so little that the AND of two is valid,
   * and neither of them, in one collision of 300 that begin together ({@code drivers/README.md}).
   */
  private static Wire lampsAndBoards(Truth truth, Moment moment) {
    ModbusWire wire = controllers(truth, "lamp-", moment);
    wire.put(RELAYS, contactor(truth, moment));
    wire.put(IO, io(truth, moment));
    return wire;
  }

  /** Relay 3 changes once a minute: seldom enough that a level of another time is found out. */
  private static RelayBoard contactor(Truth truth, Moment moment) {
    LongUnaryOperator pulled = truth.leaping("contactor-1", 60, 0, 2);
    truth.put("contactor-1", "level", nanos -> 100 - 100 * pulled.applyAsLong(nanos));
    truth.put("contactor-1", "feedback", pulled);
    RelayBoard board = new RelayBoard();
    board.follow(relay -> relay == 2 && pulled.applyAsLong(moment.nanos()) == 1);
    return board;
  }

  private static RelayBoard io(Truth truth, Moment moment) {
    LongUnaryOperator outputs = truth.leaping("io-1 outputs", 1, 0, 256);
    LongUnaryOperator inputs = truth.leaping("io-1 inputs", 1, 0, 256);
    truth.put("io-1", "outputs", outputs);
    truth.put("io-1", "inputs", inputs);
    RelayBoard board = new RelayBoard();
    board.follow(bit -> (outputs.applyAsLong(moment.nanos()) >> bit & 1) == 1);
    board.wire(bit -> (inputs.applyAsLong(moment.nanos()) >> bit & 1) == 1);
    return board;
  }

  /** A controller whose every register leaps. */
  private static final class TrueLamp implements LampController.Lamp {
    private final Moment moment;
    private final LongUnaryOperator volts;
    private final LongUnaryOperator watts;
    private final LongUnaryOperator level;
    private final LongUnaryOperator energy;
    private final LongUnaryOperator hours;
    private final LongUnaryOperator faults;

    TrueLamp(Truth truth, String name, Moment moment) {
      this.moment = moment;
      volts = truth.leaping(name + " volts", 1, 1000, 2000);
      watts = truth.leaping(name + " watts", 1, 1, 30_000);
      level = truth.leaping(name + " level", 7, 0, 101);
      energy = truth.leaping(name + " energy", 1, 0, 100_000_000);
      hours = truth.leaping(name + " hours", 1, 0, 1_000_000);
      faults = truth.leaping(name + " faults", 9, 0, 256);
      truth.put(name, "voltage", volts);
      truth.put(name, "power", watts);
      truth.put(name, "level", level);
      truth.put(name, "energy", energy);
      truth.put(name, "hours", hours);
      truth.put(name, "faults", faults);
      truth.put(
          name,
          "current",
          Truth.of(watts, volts, (w, v) -> Math.round(w / 10.0 / (v / 10.0) / 0.95 * 1000)));
    }

    @Override
    public int level() {
      return (int) level.applyAsLong(moment.nanos());
    }

    @Override
    public void command(int next) {
      throw new IllegalStateException("nobody commands this lamp, but to " + next);
    }

    @Override
    public double volts() {
      return volts.applyAsLong(moment.nanos()) / 10.0;
    }

    @Override
    public double watts() {
      return watts.applyAsLong(moment.nanos()) / 10.0;
    }

    @Override
    public double kilowattHours() {
      return energy.applyAsLong(moment.nanos()) / 100.0;
    }

    @Override
    public long hours() {
      return hours.applyAsLong(moment.nanos());
    }

    @Override
    public int faults() {
      return (int) faults.applyAsLong(moment.nanos());
    }
  }

  private static void cabinet(FieldStreet street) {
    FieldBus bus =
        street.bus(
            "meters",
            9600,
            "8N1",
            200,
            FieldStreet.BUS,
            said -> "unit " + said[0],
            moment -> sdm(street.truth(), "meter-1", moment),
            moment -> sdm(street.truth(), "twin-meter", moment));
    bus.device("meter-1", "5s", "driver = \"modbus\"\nprofile = \"sdm120\"\naddress = 1");
  }

  /** Powers and energies are quarters, which floats hold exactly. */
  private static Wire sdm(Truth truth, String name, Moment moment) {
    LongUnaryOperator quarters = truth.leaping(name + " power", 1, 4, 40_000);
    LongUnaryOperator energy = truth.leaping(name + " energy", 1, 0, 1_000_000);
    truth.always(name, "voltage", 2315);
    truth.always(name, "factor", 970);
    truth.always(name, "frequency", 5000);
    truth.always(name, "energy_export", 0);
    truth.put(name, "power", scaled(quarters, 1, watts -> watts));
    truth.put(name, "current", scaled(quarters, 3, watts -> watts / SDM_VOLTS / SDM_FACTOR));
    truth.put(name, "apparent", scaled(quarters, 1, watts -> watts / SDM_FACTOR));
    truth.put(
        name, "reactive", scaled(quarters, 1, watts -> watts * Math.tan(Math.acos(SDM_FACTOR))));
    truth.put(name, "energy_import", scaled(energy, 2, kwh -> kwh));
    truth.put(name, "energy", scaled(energy, 2, kwh -> kwh));
    ModbusWire wire = new ModbusWire();
    wire.put(
        1,
        new Sdm120(
            () -> quarters.applyAsLong(moment.nanos()) / 4.0,
            () -> energy.applyAsLong(moment.nanos()) / 4.0));
    return wire;
  }

  private static LongUnaryOperator scaled(
      LongUnaryOperator quarters, int decimals, java.util.function.DoubleUnaryOperator f) {
    return nanos ->
        new BigDecimal((float) f.applyAsDouble(quarters.applyAsLong(nanos) / 4.0))
            .scaleByPowerOfTen(decimals)
            .setScale(0, RoundingMode.HALF_UP)
            .longValueExact();
  }

  private static void dali(
      FieldStreet street,
      String master,
      int baud,
      Set<Fault> faults,
      Function<DaliGears, Wire> wires) {
    Truth truth = street.truth();
    FieldBus bus =
        street.bus(
            "dali-" + master,
            baud,
            "8N1",
            100,
            faults,
            said -> "gear",
            moment -> {
              DaliGears gears = new DaliGears();
              for (int address = 0; address < GEARS; address++) {
                gears.put(address, gear(truth, name(master, address), moment));
              }
              return wires.apply(gears);
            },
            null);
    for (int address = 0; address < GEARS; address++) {
      bus.device(
          name(master, address),
          "6s",
          "driver = \"dali\"\ncurve = \"log\"\nmaster = \"" + master + "\"\naddress = " + address);
    }
  }

  private static String name(String master, int address) {
    return master + "-" + address;
  }

  private static DaliGears.Gear gear(Truth truth, String name, Moment moment) {
    LongUnaryOperator arc = truth.leaping(name + " arc", 5, 1, 254);
    truth.put(name, "arc", arc);
    truth.put(name, "level", nanos -> percent(arc.applyAsLong(nanos)));
    truth.always(name, "status", 4);
    truth.always(name, "lamp-failure", 0);
    truth.always(name, "gear-failure", 0);
    DaliGears.Gear gear = new DaliGears.Gear();
    gear.follow(() -> (int) arc.applyAsLong(moment.nanos()));
    return gear;
  }

  /** IEC 62386-102, the standard curve; a lamp that is lit is never at 0 %. */
  private static long percent(long level) {
    return Math.max(1, Math.round(Math.pow(10, (level - 1) / (253.0 / 3) - 1)));
  }

  /** The board with relay, dimmer and pulse meter is the world's: it has a clock of its own. */
  private static void lines(FieldStreet street) {
    FieldBus bus =
        street.add(FieldBus.of(FieldStreet.BOARD, "sim-gpio:" + FieldStreet.BOARD, 0, null));
    FieldBoard.configure(bus, street.truth());
  }
}
