package io.verge.drivers.mbus;

import io.verge.bytes.Decoded;
import io.verge.driver.Answer;
import io.verge.driver.BusException;
import io.verge.driver.BusScanner;
import io.verge.driver.BusSession;
import io.verge.drivers.wire.mbus.MbusCodec;
import io.verge.drivers.wire.mbus.MbusFrame;
import io.verge.drivers.wire.mbus.MbusFramer;
import io.verge.drivers.wire.mbus.MbusNames;
import io.verge.drivers.wire.mbus.MbusRecord;
import io.verge.drivers.wire.mbus.MbusRecords;
import io.verge.drivers.wire.mbus.MbusTelegram;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Search by secondary address: the number's digits are made certain one by one. Whatever is heard
 * to a selection is asked for its data; a whole answer is one meter, anything else is several,
 * which the next digit tells apart. Several acks on one another can look like one.
 */
final class MbusScanner implements BusScanner {
  private static final int DIGITS = 8;
  private static final int VALUES_MOST = 4;

  @Override
  public String protocol() {
    return "mbus";
  }

  @Override
  public List<String> formats() {
    return List.of("baud=2400&format=8E1", "baud=300&format=8E1", "baud=9600&format=8E1");
  }

  /** 330 bit times and 50 ms at 2400 baud are 188 ms. */
  @Override
  public int timeoutMs() {
    return 250;
  }

  @Override
  public void scan(BusSession bus, Report report) throws BusException {
    // Meters that were never spoken to may want it at all addresses: libmbus issue 84.
    bus.send(MbusCodec.shortFrame(MbusCodec.SND_NKE, 0xFF));
    new Search(bus, report).under("");
  }

  /** One run. */
  private static final class Search {
    private final BusSession bus;
    private final Report report;
    private final Set<String> found = new HashSet<>();

    Search(BusSession bus, Report report) {
      this.bus = bus;
      this.report = report;
    }

    /** Meters whose number begins with these digits. */
    void under(String digits) throws BusException {
      if (!report.goesOn()) {
        return;
      }
      report.at("number " + digits + "FFFFFFFF".substring(digits.length()));
      bus.send(MbusCodec.shortFrame(MbusCodec.SND_NKE, MbusCodec.ADDRESS_SELECTED));
      Answer ack = bus.transact(MbusCodec.select(mask(digits)), MbusFramer.ACK);
      if (ack instanceof Answer.Silence) {
        return;
      }
      Answer answer =
          bus.transact(
              MbusCodec.shortFrame(MbusCodec.REQ_UD2 | MbusCodec.FCB, MbusCodec.ADDRESS_SELECTED),
              new MbusFramer(MbusCodec.ADDRESS_SELECTED));
      if (ack instanceof Answer.Frame && answer instanceof Answer.Frame frame) {
        meter(frame.bytes());
      } else if (digits.length() == DIGITS) {
        report.note(
            answer instanceof Answer.Silence
                ? "meter " + digits + " lets itself be selected, but does not answer"
                : "several meters have the number " + digits + ": connect them one by one");
      } else {
        for (int digit = 0; digit <= 9; digit++) {
          under(digits + digit);
        }
      }
    }

    private void meter(byte[] bytes) {
      MbusFrame frame = MbusCodec.frame(bytes).orThrow();
      if (frame.ci() != MbusCodec.CI_VARIABLE
          || !(MbusRecords.telegram(bytes, frame) instanceof Decoded.Valid<MbusTelegram> valid)) {
        report.note(
            String.format(
                "a meter at address %d answers with CI %02X, which tells no secondary address",
                frame.address(), frame.ci()));
        return;
      }
      MbusTelegram telegram = valid.value();
      MbusTelegram.Header header = telegram.header();
      String secondary =
          header.id()
              + HexFormat.of()
                  .withUpperCase()
                  .formatHex(bytes, frame.from() + 4, frame.from() + DIGITS);
      if (!found.add(secondary)) {
        return;
      }
      Map<String, String> identification = new LinkedHashMap<>();
      identification.put("manufacturer", header.manufacturer());
      identification.put("version", Integer.toString(header.version()));
      identification.put("medium", MbusNames.medium(header.medium()));
      identification.put("address", Integer.toString(frame.address()));
      report.found(
          new FoundDevice(
              "secondary " + secondary,
              identification,
              values(telegram),
              "asset = \"meter-"
                  + header.id().toLowerCase(Locale.ROOT)
                  + "\"\ndriver = \"mbus\"\nsecondary = \""
                  + secondary
                  + "\"\nevery = \"15m\""));
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

    /** F for what is not certain, low digits first. */
    private static byte[] mask(String digits) {
      byte[] secondary = new byte[DIGITS];
      Arrays.fill(secondary, (byte) 0xFF);
      for (int i = 0; i < digits.length(); i++) {
        int at = 3 - i / 2;
        int digit = digits.charAt(i) - '0';
        secondary[at] = (byte) (i % 2 == 0 ? digit << 4 | 0x0F : secondary[at] & 0xF0 | digit);
      }
      return secondary;
    }
  }
}
