package io.verge.drivers.mbus;

import io.verge.bytes.Decoded;
import io.verge.driver.BusScanner.FoundDevice;
import io.verge.driver.BusScanner.Report;
import io.verge.drivers.wire.mbus.MbusCodec;
import io.verge.drivers.wire.mbus.MbusFrame;
import io.verge.drivers.wire.mbus.MbusNames;
import io.verge.drivers.wire.mbus.MbusRecord;
import io.verge.drivers.wire.mbus.MbusRecords;
import io.verge.drivers.wire.mbus.MbusTelegram;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The meters of one search, each told once. */
final class FoundMeters {
  private static final int VALUES_MOST = 4;

  private final Report report;
  private final Set<String> secondaries = new HashSet<>();
  private final Set<Integer> addresses = new HashSet<>();

  FoundMeters(Report report) {
    this.report = report;
  }

  /** Whether a meter of this primary address was found already. */
  boolean isKnown(int address) {
    return addresses.contains(address);
  }

  /** The answer of the one meter that was selected. */
  void selected(byte[] bytes) {
    MbusFrame frame = MbusCodec.frame(bytes).orThrow();
    if (frame.ci() == MbusCodec.CI_VARIABLE
        && MbusRecords.telegram(bytes, frame) instanceof Decoded.Valid<MbusTelegram> valid) {
      String secondary =
          valid.value().header().id()
              + HexFormat.of().withUpperCase().formatHex(bytes, frame.from() + 4, frame.from() + 8);
      addresses.add(frame.address());
      if (secondaries.add(secondary)) {
        variable(frame, valid.value(), "secondary " + secondary, quoted(secondary));
      }
    } else if (frame.ci() == MbusCodec.CI_FIXED
        && MbusFixed.of(bytes, frame) instanceof Decoded.Valid<MbusFixed> valid) {
      // Its answer has the number only.
      String secondary = valid.value().id() + "FFFFFFFF";
      addresses.add(frame.address());
      if (secondaries.add(secondary)) {
        fixed(frame, valid.value(), "secondary " + secondary, quoted(secondary));
      }
    } else {
      report.note(
          String.format(
              "a meter at address %d answers with CI %02X, which tells no secondary address",
              frame.address(), frame.ci()));
    }
  }

  /** The answer of a meter asked at its primary address. */
  void addressed(int address, byte[] bytes) {
    MbusFrame frame = MbusCodec.frame(bytes).orThrow();
    String place = "address " + address;
    addresses.add(address);
    if (MbusRecords.isTelegram(frame)
        && MbusRecords.telegram(bytes, frame) instanceof Decoded.Valid<MbusTelegram> valid) {
      variable(frame, valid.value(), place, "address = " + address);
    } else if (frame.ci() == MbusCodec.CI_FIXED
        && MbusFixed.of(bytes, frame) instanceof Decoded.Valid<MbusFixed> valid) {
      fixed(frame, valid.value(), place, "address = " + address);
    } else {
      report.note(
          String.format("%s answers with CI %02X, which is not understood", place, frame.ci()));
    }
  }

  private static String quoted(String secondary) {
    return "secondary = \"" + secondary + "\"";
  }

  private void variable(MbusFrame frame, MbusTelegram telegram, String place, String key) {
    MbusTelegram.Header header = telegram.header();
    Map<String, String> identification = new LinkedHashMap<>();
    if (!header.id().isEmpty()) {
      identification.put("number", header.id());
      identification.put("manufacturer", header.manufacturer());
      identification.put("version", Integer.toString(header.version()));
      identification.put("medium", MbusNames.medium(header.medium()));
    }
    tell(frame, identification, values(telegram), place, key, header.id());
  }

  private void fixed(MbusFrame frame, MbusFixed fixed, String place, String key) {
    Map<String, String> identification = new LinkedHashMap<>();
    identification.put("number", fixed.id());
    identification.put("medium", fixed.mediumName());
    identification.put("data", "fixed structure");
    List<String> values = new ArrayList<>();
    for (MbusFixed.Counter counter : fixed.counters()) {
      BigDecimal volume = counter.volume();
      BigDecimal flow = counter.flow();
      if (volume != null) {
        values.add("volume " + volume.toPlainString() + " m3");
      } else if (flow != null) {
        values.add("volume flow " + flow.toPlainString() + " m3/h");
      }
    }
    tell(frame, identification, values, place, key, fixed.id());
  }

  private void tell(
      MbusFrame frame,
      Map<String, String> identification,
      List<String> values,
      String place,
      String key,
      String number) {
    identification.put("address", Integer.toString(frame.address()));
    String name = number.isEmpty() ? Integer.toString(frame.address()) : number;
    report.found(
        new FoundDevice(
            place,
            identification,
            values,
            "asset = \"meter-"
                + name.toLowerCase(Locale.ROOT)
                + "\"\ndriver = \"mbus\"\n"
                + key
                + "\nevery = \"15m\""));
  }

  private static List<String> values(MbusTelegram telegram) {
    if (telegram.encrypted()) {
      return List.of("its records are encrypted");
    }
    List<String> values = new ArrayList<>();
    for (MbusRecord record : telegram.records()) {
      if (record.isPresent() && record.number() != null && values.size() < VALUES_MOST) {
        values.add(
            record.meaning().quantity()
                + " "
                + record.number().toPlainString()
                + " "
                + record.meaning().unit());
      }
    }
    return values;
  }
}
