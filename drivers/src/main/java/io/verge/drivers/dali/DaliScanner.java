package io.verge.drivers.dali;

import io.verge.driver.BusException;
import io.verge.driver.BusScanner;
import io.verge.driver.BusSession;
import io.verge.drivers.wire.dali.AtxMaster;
import io.verge.drivers.wire.dali.Dali;
import io.verge.drivers.wire.dali.DaliGear;
import io.verge.drivers.wire.dali.DaliMaster;
import io.verge.drivers.wire.dali.DaliReply;
import io.verge.drivers.wire.dali.LubaMaster;
import io.verge.drivers.wire.dali.SciMaster;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Finds out which master is on the port, then asks each short address for its status. */
final class DaliScanner implements BusScanner {
  /** To all gear: who has no short address? IEC 62386-102, query 150. */
  private static final int ANYONE_WITHOUT_ADDRESS = 0xFF96;

  @Override
  public String protocol() {
    return "dali";
  }

  @Override
  public List<String> formats() {
    return List.of("baud=38400&format=8N1", "baud=19200&format=8N1");
  }

  @Override
  public int timeoutMs() {
    return 200;
  }

  @Override
  public void scan(BusSession bus, Report report) throws BusException {
    Map<String, DaliMaster> masters = new LinkedHashMap<>();
    masters.put("sci", new SciMaster());
    masters.put("luba", new LubaMaster());
    masters.put("atx", new AtxMaster());
    for (Map.Entry<String, DaliMaster> master : masters.entrySet()) {
      report.at("master " + master.getKey());
      DaliReply unaddressed = master.getValue().send(bus, ANYONE_WITHOUT_ADDRESS);
      if (isAway(unaddressed)) {
        // What was said in another master's words may stand before it in the same line.
        unaddressed = master.getValue().send(bus, ANYONE_WITHOUT_ADDRESS);
      }
      if (isAway(unaddressed)) {
        continue;
      }
      if (unaddressed.kind() == DaliReply.Kind.FAULT) {
        report.note("master " + master.getKey() + ": " + unaddressed.why());
      } else if (unaddressed.kind() != DaliReply.Kind.NOTHING) {
        report.note("there is gear without a short address: give it one first");
      }
      gears(bus, report, master.getKey(), master.getValue());
      return;
    }
  }

  private static boolean isAway(DaliReply reply) {
    return reply.kind() == DaliReply.Kind.LOST || reply.kind() == DaliReply.Kind.GARBLED;
  }

  private static void gears(BusSession bus, Report report, String name, DaliMaster master)
      throws BusException {
    for (int address = 0; address <= Dali.SHORT_MOST && report.goesOn(); address++) {
      report.at("address " + address);
      // A search believes what it hears: nothing of it becomes a reading.
      bus.caughtUp();
      DaliGear gear = new DaliGear(master, bus, address);
      DaliReply status = gear.command(Dali.QUERY_STATUS);
      switch (status.kind()) {
        case VALUE -> report.found(device(gear, name, address, status.value()));
        case COLLISION ->
            report.note("several gears answer at address " + address + ": give them others");
        case NOTHING -> {}
        default -> {
          report.note("address " + address + ": " + status.why());
          return;
        }
      }
    }
  }

  private static FoundDevice device(DaliGear gear, String master, int address, int status)
      throws BusException {
    Map<String, String> identification = new LinkedHashMap<>();
    DaliReply type = gear.command(Dali.QUERY_DEVICE_TYPE);
    if (type.hasValue()) {
      identification.put(
          "device type", type.value() == Dali.LED ? "6 (LED)" : Integer.toString(type.value()));
    }
    List<String> values = new ArrayList<>();
    values.add(String.format("status %02X", status));
    DaliReply level = gear.command(Dali.QUERY_LEVEL);
    if (level.hasValue() && level.value() != Dali.MASK) {
      values.add("arc level " + level.value());
    }
    return new FoundDevice(
        "address " + address,
        identification,
        values,
        "asset = \"lamp-"
            + address
            + "\"\ndriver = \"dali\"\nmaster = \""
            + master
            + "\"\naddress = "
            + address
            + "\nevery = \"1m\"");
  }
}
