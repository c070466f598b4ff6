package io.verge.drivers.cjt188;

import io.verge.bytes.Decoded;
import io.verge.driver.BusException;
import io.verge.driver.BusScanner;
import io.verge.driver.BusSession;
import io.verge.drivers.cjt188.Cjt188Reading.Amount;
import io.verge.drivers.wire.bcd.WildcardSearch.Heard;
import io.verge.drivers.wire.meter.MeterFrame;
import io.verge.drivers.wire.meter.MeterSearch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Asks all meters, of any type, for their metering data, in both orders of the DI. That AA fits a
 * single byte of an address too, the standard does not say and not every meter knows.
 */
final class Cjt188Scanner implements BusScanner {
  private static final int WAKE = 4;
  private static final int WATER = 0x10;

  @Override
  public String protocol() {
    return "cjt188";
  }

  @Override
  public List<String> formats() {
    return List.of("baud=2400&format=8E1", "baud=9600&format=8E1", "baud=1200&format=8E1");
  }

  @Override
  public int timeoutMs() {
    return 500;
  }

  @Override
  public void scan(BusSession bus, Report report) throws BusException {
    new Run(bus, report).run(Cjt188Codec.ADDRESS_BYTES);
  }

  /** One run. */
  private static final class Run extends MeterSearch {
    private int ser;

    Run(BusSession bus, Report report) {
      super(bus, report);
    }

    @Override
    protected Heard ask(byte[] address) throws BusException {
      return ask(address, true).and(ask(address, false));
    }

    private Heard ask(byte[] address, boolean highFirst) throws BusException {
      ser = (ser + 1) % MeterFrame.ANY;
      byte[] data = Cjt188Codec.data(Cjt188Codec.DI_METER, highFirst, ser);
      byte[] request = Cjt188Codec.request(MeterFrame.ANY, address, Cjt188Codec.READ, data, WAKE);
      return ask(request, new Cjt188Framer(request, WAKE));
    }

    @Override
    protected void heard(byte[] bytes) {
      Cjt188Frame frame = Cjt188Codec.frame(bytes).orThrow();
      if (frame.isRefusal()) {
        report().note("meter " + frame.address() + " refuses one order of the DI");
      } else if (isNew(frame.address())) {
        report().found(device(frame));
      }
    }

    private static FoundDevice device(Cjt188Frame frame) {
      Map<String, String> identification = new LinkedHashMap<>();
      identification.put("type", String.format("%02X", frame.type()));
      identification.put("DI", Cjt188Di.of(frame.data()[0], frame.data()[1]).order());
      String type =
          frame.type() == WATER ? "" : String.format("\nmeter_type = 0x%02X", frame.type());
      return new FoundDevice(
          "address " + frame.address(),
          identification,
          values(frame.data()),
          "asset = \"meter-"
              + frame.address().toLowerCase(java.util.Locale.ROOT)
              + "\"\ndriver = \"cjt188\"\naddress = \""
              + frame.address()
              + "\""
              + type
              + "\nevery = \"15m\"");
    }

    private static List<String> values(byte[] data) {
      if (!(Cjt188Reading.of(data) instanceof Decoded.Valid<Cjt188Reading> valid)) {
        return List.of();
      }
      List<String> values = new ArrayList<>();
      add(values, "", valid.value().total());
      add(values, "settled ", valid.value().settled());
      return values;
    }

    private static void add(List<String> values, String what, @Nullable Amount amount) {
      if (amount != null) {
        values.add(
            what
                + amount.unit().quantity()
                + " "
                + amount.value().toPlainString()
                + " "
                + amount.unit().name());
      }
    }
  }
}
