package io.verge.drivers.mbus;

import io.verge.driver.Answer;
import io.verge.driver.BusException;
import io.verge.driver.BusScanner;
import io.verge.driver.BusSession;
import io.verge.drivers.wire.mbus.MbusCodec;
import io.verge.drivers.wire.mbus.MbusFramer;
import java.util.Arrays;
import java.util.List;

/**
 * Search by secondary address, then by primary address: old meters, with the fixed data structure,
 * do not hear selections. In the first, the number's digits are made certain one by one. Whatever
 * is heard to a selection is asked for its data; a whole answer is one meter, anything else is
 * several, which the next digit tells apart. Several acks on one another can look like one.
 */
final class MbusScanner implements BusScanner {
  private static final int DIGITS = 8;

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
    Search search = new Search(bus, report);
    search.under("");
    bus.send(MbusCodec.shortFrame(MbusCodec.SND_NKE, MbusCodec.ADDRESS_SELECTED));
    for (int address = 0; address <= MbusCodec.ADDRESS_MOST; address++) {
      search.at(address);
    }
  }

  /** One run. */
  private static final class Search {
    private final BusSession bus;
    private final Report report;
    private final FoundMeters found;

    Search(BusSession bus, Report report) {
      this.bus = bus;
      this.report = report;
      this.found = new FoundMeters(report);
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
      Answer answer = data(MbusCodec.ADDRESS_SELECTED);
      if (ack instanceof Answer.Frame && answer instanceof Answer.Frame frame) {
        found.selected(frame.bytes());
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

    /** A meter with this primary address that was not found by its secondary one. */
    void at(int address) throws BusException {
      if (!report.goesOn() || found.isKnown(address)) {
        return;
      }
      report.at("address " + address);
      Answer ack = bus.transact(MbusCodec.shortFrame(MbusCodec.SND_NKE, address), MbusFramer.ACK);
      if (ack instanceof Answer.Silence) {
        return;
      }
      if (data(address) instanceof Answer.Frame frame) {
        found.addressed(address, frame.bytes());
      } else {
        report.note(
            "address " + address + " acknowledges, but gives no data: two meters, or noise");
      }
    }

    private Answer data(int address) throws BusException {
      return bus.transact(
          MbusCodec.shortFrame(MbusCodec.REQ_UD2 | MbusCodec.FCB, address),
          new MbusFramer(address));
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
