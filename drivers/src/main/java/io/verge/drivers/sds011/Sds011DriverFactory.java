package io.verge.drivers.sds011;

import io.verge.driver.BusScanner;
import io.verge.driver.Driver;
import io.verge.driver.DriverFactory;
import io.verge.driver.Settings;
import io.verge.drivers.wire.listen.ListeningScanner;
import io.verge.drivers.wire.listen.ListeningScanner.Form;
import io.verge.model.Lane;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Family {@code sds011}. Keys: {@code frames} (3); {@code rest} (false): sleep between polls;
 * {@code warm_up} (30): frames, about seconds, thrown away after a rest.
 */
public final class Sds011DriverFactory implements DriverFactory {
  @Override
  public String family() {
    return "sds011";
  }

  @Override
  public boolean needsLines() {
    return false;
  }

  @Override
  public boolean needsProfile() {
    return false;
  }

  @Override
  public String typeName(Settings device, @Nullable Settings profile) {
    return "air";
  }

  @Override
  public Lane lane(Settings device, @Nullable Settings profile) {
    return Lane.TELEMETRY;
  }

  @Override
  public @Nullable Driver create(
      Settings device, @Nullable Settings profile, long @Nullable [] keep) {
    int frames = (int) device.integer("frames", 1, 15, 3L);
    int warmUp = (int) device.integer("warm_up", 1, 60, 30L);
    return new Sds011Driver(frames, device.flag("rest", false) ? warmUp : 0);
  }

  @Override
  public BusScanner scanner() {
    return new ListeningScanner(
        "sds011",
        List.of("baud=9600&format=8N1"),
        1500,
        List.of(
            new Form(
                "Nova SDS011",
                Sds011Codec.FRAMER,
                frame -> "pm25 " + BigDecimal.valueOf(Sds011Codec.pm25(frame), 1) + " ug/m3",
                "asset = \"air-1\"\ndriver = \"sds011\"\nevery = \"1m\"")));
  }

  @Override
  public String place(Settings device) {
    return "the UART: one sensor a bus";
  }
}
