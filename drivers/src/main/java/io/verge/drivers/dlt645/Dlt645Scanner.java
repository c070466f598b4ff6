package io.verge.drivers.dlt645;

import io.verge.driver.BusException;
import io.verge.driver.BusScanner;
import io.verge.driver.BusSession;
import io.verge.drivers.wire.bcd.WildcardSearch.Heard;
import io.verge.drivers.wire.meter.MeterSearch;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Asks all meters for their forward energy, in the words of 2007 and of 1997. Those of 2007 know
 * shortened addresses: AA in the high bytes stands for anything, and the answer has the whole
 * address ({@code hardware-notes/dlt645.md}). Those of 1997 may know AA in all bytes only.
 */
final class Dlt645Scanner implements BusScanner {
  private static final int WAKE = 4;
  private static final long ENERGY = 0x00010000;
  private static final int ENERGY_1997 = 0x9010;

  @Override
  public String protocol() {
    return "dlt645";
  }

  @Override
  public List<String> formats() {
    return List.of(
        "baud=2400&format=8E1",
        "baud=9600&format=8E1",
        "baud=1200&format=8E1",
        "baud=4800&format=8E1");
  }

  /** The standard's longest delay of an answer. */
  @Override
  public int timeoutMs() {
    return 500;
  }

  @Override
  public void scan(BusSession bus, Report report) throws BusException {
    new Run(bus, report).run(Dlt645Codec.ADDRESS_BYTES);
  }

  /** One run. */
  private static final class Run extends MeterSearch {
    private boolean is1997;

    Run(BusSession bus, Report report) {
      super(bus, report);
    }

    @Override
    protected Heard ask(byte[] address) throws BusException {
      return ask(address, false).and(ask(address, true));
    }

    private Heard ask(byte[] address, boolean inWordsOf1997) throws BusException {
      is1997 = inWordsOf1997;
      int diBytes = is1997 ? 2 : 4;
      byte[] data = Dlt645Codec.di(is1997 ? ENERGY_1997 : ENERGY, diBytes);
      byte[] request =
          Dlt645Codec.request(
              address, is1997 ? Dlt645Codec.READ_1997 : Dlt645Codec.READ, data, WAKE);
      return ask(request, new Dlt645Framer(request, WAKE, diBytes));
    }

    @Override
    protected void heard(byte[] bytes) {
      Dlt645Frame frame = Dlt645Codec.frame(bytes).orThrow();
      if (isNew(frame.address())) {
        report().found(device(frame, is1997));
      }
    }

    private static FoundDevice device(Dlt645Frame frame, boolean is1997) {
      String edition = is1997 ? "1997" : "2007";
      return new FoundDevice(
          "address " + frame.address(),
          Map.of("edition", edition),
          values(frame, is1997),
          "asset = \"cabinet-"
              + frame.address().toLowerCase(java.util.Locale.ROOT)
              + "\"\ndriver = \"dlt645\"\naddress = \""
              + frame.address()
              + "\"\nedition = \""
              + edition
              + "\"\nphases = \"3\"   # or 1\nevery = \"1m\"");
    }

    private static List<String> values(Dlt645Frame frame, boolean is1997) {
      byte[] data = frame.data();
      if (frame.isRefusal()) {
        return List.of("refuses its energy: " + Dlt645Codec.error(data[0] & 0xFF));
      }
      Dlt645Item item = is1997 ? Dlt645Item.of1997(ENERGY_1997) : Dlt645Item.of(ENERGY);
      BigDecimal value = value(data, is1997 ? 2 : 4, item);
      return item == null || value == null
          ? List.of()
          : List.of(item.quantity() + " " + value.toPlainString() + " " + item.unit());
    }

    private static @Nullable BigDecimal value(byte[] data, int at, @Nullable Dlt645Item item) {
      return item == null || data.length < at + item.bytes() ? null : item.value(data, at);
    }
  }
}
