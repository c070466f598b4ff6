package io.verge.drivers.modbus;

import io.verge.driver.Answer;
import io.verge.driver.BusException;
import io.verge.driver.BusScanner;
import io.verge.driver.BusSession;
import io.verge.drivers.wire.modbus.ModbusCodec;
import io.verge.drivers.wire.modbus.ModbusFramer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Asks each address for its first input register; any answer of that address with a good CRC, an
 * exception too, is a device. What it is, Modbus does not tell: registers are shown, and a profile
 * is proposed only where they look like one.
 */
final class ModbusScanner implements BusScanner {
  private static final int ADDRESS_MOST = 247;

  /** Frequency of the SDM120 and its relatives, float, hertz. */
  private static final int SDM_FREQUENCY = 0x46;

  @Override
  public String protocol() {
    return "modbus";
  }

  @Override
  public List<String> formats() {
    List<String> formats = new ArrayList<>();
    for (int baud : new int[] {9600, 19200, 2400, 4800, 38400, 115200}) {
      formats.add("baud=" + baud + "&format=8N1");
      formats.add("baud=" + baud + "&format=8E1");
    }
    return formats;
  }

  @Override
  public int timeoutMs() {
    return 100;
  }

  @Override
  public void scan(BusSession bus, Report report) throws BusException {
    for (int unit = 1; unit <= ADDRESS_MOST && report.goesOn(); unit++) {
      report.at("address " + unit);
      byte[] request = ModbusCodec.read(unit, ModbusCodec.READ_INPUT, 0, 1);
      Answer answer = bus.transact(request, new ModbusFramer(request));
      if (answer instanceof Answer.Frame) {
        report.found(device(bus, unit));
      } else if (answer instanceof Answer.Garbled) {
        report.note("bytes, but no valid frame from address " + unit + ": two devices, or noise");
      }
    }
  }

  private static FoundDevice device(BusSession bus, int unit) throws BusException {
    List<String> values = new ArrayList<>();
    values.add("input 0..1: " + registers(bus, unit, ModbusCodec.READ_INPUT, 0));
    values.add("holding 0..1: " + registers(bus, unit, ModbusCodec.READ_HOLDING, 0));
    boolean hasCoils = addBits(bus, unit, values);
    byte[] request = ModbusCodec.read(unit, ModbusCodec.READ_INPUT, SDM_FREQUENCY, 2);
    Map<String, String> identification = new LinkedHashMap<>();
    String profile = "profile = \"\"   # which one, its maker's name tells: see the values above";
    if (hasCoils) {
      identification.put("looks like", "a board of relays or outputs");
      profile = "profile = \"waveshare-relay\"   # if its relays are coils 0..7";
    }
    if (bus.transact(request, new ModbusFramer(request)) instanceof Answer.Frame frame
        && frame.bytes()[1] > 0) {
      int[] words = ModbusCodec.registers(frame.bytes());
      float hertz = Float.intBitsToFloat(words[0] << 16 | words[1]);
      if (hertz > 45 && hertz < 65) {
        identification.put("looks like", "Eastron SDM120 or a relative");
        values.add("frequency " + hertz + " Hz");
        profile = "profile = \"sdm120\"";
      }
    }
    return new FoundDevice(
        "address " + unit,
        identification,
        values,
        "asset = \"device-"
            + unit
            + "\"\ndriver = \"modbus\"\n"
            + profile
            + "\naddress = "
            + unit
            + "\nevery = \"1m\"");
  }

  /** Whether it has coils 0..7. */
  private static boolean addBits(BusSession bus, int unit, List<String> values)
      throws BusException {
    boolean hasCoils = false;
    for (int function : new int[] {ModbusCodec.READ_COILS, ModbusCodec.READ_DISCRETE_INPUTS}) {
      byte[] request = ModbusCodec.read(unit, function, 0, 8);
      if (bus.transact(request, new ModbusFramer(request)) instanceof Answer.Frame frame
          && frame.bytes()[1] > 0) {
        boolean coils = function == ModbusCodec.READ_COILS;
        hasCoils |= coils;
        values.add(
            String.format("%s 0..7: %02X", coils ? "coils" : "discrete", frame.bytes()[3] & 0xFF));
      }
    }
    return hasCoils;
  }

  private static String registers(BusSession bus, int unit, int function, int first)
      throws BusException {
    byte[] request = ModbusCodec.read(unit, function, first, 2);
    Answer answer = bus.transact(request, new ModbusFramer(request));
    if (!(answer instanceof Answer.Frame frame)) {
      return "no answer";
    }
    if (frame.bytes()[1] < 0) {
      return ModbusCodec.exception(frame.bytes()[2] & 0xFF);
    }
    int[] words = ModbusCodec.registers(frame.bytes());
    return String.format("%04X %04X", words[0], words[1]);
  }
}
