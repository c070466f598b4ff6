package io.verge.drivers.pulse;

import io.verge.driver.Driver;
import io.verge.driver.DriverFactory;
import io.verge.driver.LineSession.Pull;
import io.verge.driver.Settings;
import io.verge.model.Lane;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Family {@code pulse}. Keys: {@code line}, {@code litres_per_pulse} (required); {@code pull} (up),
 * {@code edge} (falling), {@code debounce} (30ms).
 */
public final class PulseDriverFactory implements DriverFactory {
  private static final long LINE_MOST = 1023;

  /** Pulse values of meters are 0.01 l to 1 m3. */
  private static final BigDecimal LITRES_LEAST = new BigDecimal("0.001");

  private static final BigDecimal LITRES_MOST = new BigDecimal("1000");

  @Override
  public String family() {
    return "pulse";
  }

  @Override
  public boolean needsLines() {
    return true;
  }

  @Override
  public String typeName(Settings device, @Nullable Settings profile) {
    return "water";
  }

  @Override
  public Lane lane(Settings device, @Nullable Settings profile) {
    return Lane.METER;
  }

  @Override
  public @Nullable Driver create(
      Settings device, @Nullable Settings profile, long @Nullable [] keep) {
    int line = (int) device.integer("line", 0, LINE_MOST, null);
    String pull = device.word("pull", List.of("none", "up", "down"), "up");
    boolean rising = device.word("edge", List.of("rising", "falling"), "falling").equals("rising");
    long debounce = device.millis("debounce", 1, 500, 30L);
    BigDecimal millilitres =
        device
            .decimal("litres_per_pulse", LITRES_LEAST, LITRES_MOST, null)
            .movePointRight(3)
            .stripTrailingZeros();
    if (millilitres.scale() > 0) {
      device.reject(
          "litres_per_pulse",
          "litres_per_pulse is no whole number of millilitres",
          "at most three digits after the point");
      return null;
    }
    return new PulseDriver(
        new PulseDriver.Wiring(
            line,
            Pull.valueOf(pull.toUpperCase(Locale.ROOT)),
            rising,
            millilitres.longValueExact(),
            debounce * 1000),
        keep);
  }

  @Override
  public String place(Settings device) {
    return "line " + device.integer("line", 0, LINE_MOST, null);
  }
}
