package io.verge.simulator.demo;

import io.verge.simulator.device.LampController;
import io.verge.simulator.device.MbusMeter;
import io.verge.simulator.device.MbusWire;
import io.verge.simulator.device.ModbusWire;
import io.verge.simulator.device.RelayBoard;
import io.verge.simulator.device.Sdm120;
import io.verge.simulator.device.Wire;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.TreeSet;

/**
 * A bus nobody has a list of.
 *
 * @param places of its devices, in the words of {@code verge scan}.
 */
record UnknownBus(Wire wire, int baud, List<String> places) {
  private static final int[] MODBUS_BAUDS = {9600, 19_200, 2400, 4800, 38_400, 115_200};
  private static final int MBUS_BAUD = 2400;
  private static final int[] MAKERS = {0x1EE6, 0x2324, 0x4024, 0x11A5};
  private static final int[] MEDIA = {0x07, 0x16, 0x06, 0x04, 0x02};

  /**
   * M-Bus meters of several makers and media without addresses, half of them of one lot, whose
   * numbers differ in the last digits only; and old ones, which hear no selection.
   */
  static UnknownBus mbus(int meters, int old, long seed) {
    Random random = new Random(seed);
    MbusWire wire = new MbusWire();
    List<String> places = new ArrayList<>();
    TreeSet<Integer> numbers = new TreeSet<>();
    int lot = random.nextInt(99_999_000);
    for (int i = 0; i < meters; i++) {
      int number = i < meters / 2 ? lot + i * 3 : random.nextInt(100_000_000);
      if (!numbers.add(number)) {
        i--;
        continue;
      }
      int maker = MAKERS[random.nextInt(MAKERS.length)];
      int medium = MEDIA[random.nextInt(MEDIA.length)];
      double total = random.nextInt(10_000) / 10.0;
      wire.put(MbusMeter.unaddressed(number, maker, i, medium, () -> total));
      places.add(
          String.format(
              Locale.ROOT,
              "secondary %08d%02X%02X%02X%02X",
              number,
              maker & 0xFF,
              maker >> 8,
              i,
              medium));
    }
    for (int address : some(old, 250, random)) {
      double total = random.nextInt(10_000) / 10.0;
      wire.put(MbusMeter.old(address, random.nextInt(100_000_000), () -> total));
      places.add("address " + address);
    }
    return new UnknownBus(wire, MBUS_BAUD, places);
  }

  /**
   * Meters, lamp controllers and relay boards at some addresses.
   *
   * @param baud 0: one that the seed chooses.
   */
  static UnknownBus modbus(int devices, int baud, long seed) {
    Random random = new Random(seed);
    ModbusWire wire = new ModbusWire();
    List<String> places = new ArrayList<>();
    for (int address : some(devices, 247, random)) {
      int watts = random.nextInt(3000);
      wire.put(
          address,
          switch (random.nextInt(3)) {
            case 0 -> new Sdm120(() -> watts, () -> watts / 10.0);
            case 1 -> new LampController(new StillLamp(watts));
            default -> new RelayBoard();
          });
      places.add("address " + address);
    }
    int speed = baud == 0 ? MODBUS_BAUDS[random.nextInt(MODBUS_BAUDS.length)] : baud;
    return new UnknownBus(wire, speed, places);
  }

  private static TreeSet<Integer> some(int count, int most, Random random) {
    TreeSet<Integer> some = new TreeSet<>();
    while (some.size() < count) {
      some.add(1 + random.nextInt(most));
    }
    return some;
  }

  /** A lamp nobody commands. */
  private record StillLamp(int watt) implements LampController.Lamp {
    @Override
    public int level() {
      return 100;
    }

    @Override
    public void command(int level) {
      throw new IllegalStateException("a scan only reads, but commanded " + level);
    }

    @Override
    public double volts() {
      return 230;
    }

    @Override
    public double watts() {
      return watt;
    }

    @Override
    public double kilowattHours() {
      return watt;
    }

    @Override
    public long hours() {
      return watt;
    }

    @Override
    public int faults() {
      return 0;
    }
  }
}
