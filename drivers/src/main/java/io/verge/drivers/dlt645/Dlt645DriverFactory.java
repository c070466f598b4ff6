package io.verge.drivers.dlt645;

import io.verge.driver.BusScanner;
import io.verge.driver.Driver;
import io.verge.driver.DriverFactory;
import io.verge.driver.Settings;
import io.verge.drivers.wire.bcd.Bcd;
import io.verge.model.Lane;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Family {@code dlt645}. Keys: {@code address}, 12 digits as printed, or {@code any} for the only
 * meter on a bus; {@code phases} (3) or 1; {@code edition} (learn), {@code 2007}, {@code 1997};
 * {@code wake} (4) bytes FE.
 */
public final class Dlt645DriverFactory implements DriverFactory {
  private static final String ADDRESS = "address";
  private static final String ANY = "any";
  private static final String LEARN = "learn";

  @Override
  public String family() {
    return "dlt645";
  }

  @Override
  public String typeName(Settings device, @Nullable Settings profile) {
    return "cabinet";
  }

  @Override
  public Lane lane(Settings device, @Nullable Settings profile) {
    return Lane.METER;
  }

  @Override
  public @Nullable Driver create(
      Settings device, @Nullable Settings profile, long @Nullable [] keep) {
    String address = device.text(ADDRESS, null);
    boolean threePhase = device.word("phases", List.of("1", "3"), "3").equals("3");
    String edition = device.word("edition", List.of(LEARN, "2007", "1997"), LEARN);
    int wake = (int) device.integer("wake", 0, 5, 4L);
    if (!address.equals(ANY) && !address.matches("[0-9]{12}")) {
      device.reject(
          ADDRESS, "address \"" + address + "\"", "12 digits as printed on the meter, or \"any\"");
      return null;
    }
    int kept = Dlt645Driver.EDITION_UNKNOWN;
    if (keep != null
        && keep.length == 1
        && (keep[0] == Dlt645Driver.EDITION_2007 || keep[0] == Dlt645Driver.EDITION_1997)) {
      kept = (int) keep[0];
    }
    return new Dlt645Driver(
        Bcd.bytes(address.equals(ANY) ? "A".repeat(12) : address),
        wake,
        threePhase,
        edition.equals(LEARN) ? Dlt645Driver.EDITION_UNKNOWN : Integer.parseInt(edition),
        kept);
  }

  @Override
  public BusScanner scanner() {
    return new Dlt645Scanner();
  }

  @Override
  public String place(Settings device) {
    return "address " + device.text(ADDRESS, null);
  }
}
