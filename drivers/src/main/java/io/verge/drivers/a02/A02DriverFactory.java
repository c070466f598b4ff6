package io.verge.drivers.a02;

import io.verge.driver.Driver;
import io.verge.driver.DriverFactory;
import io.verge.driver.Settings;
import io.verge.model.Lane;
import org.jspecify.annotations.Nullable;

/**
 * Family {@code a02}. Keys: {@code empty_mm}, {@code full_mm} (required); {@code least_mm} (30),
 * {@code most_mm} (4500), {@code echoes} (5).
 */
public final class A02DriverFactory implements DriverFactory {
  /** Range of the A02YYUW: DFRobot wiki SEN0311. */
  private static final long LEAST_MM = 30;

  private static final long MOST_MM = 4500;

  @Override
  public String family() {
    return "a02";
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
    return "container";
  }

  @Override
  public Lane lane(Settings device, @Nullable Settings profile) {
    return Lane.TELEMETRY;
  }

  @Override
  public @Nullable Driver create(
      Settings device, @Nullable Settings profile, long @Nullable [] keep) {
    int empty = (int) device.integer("empty_mm", LEAST_MM, MOST_MM, null);
    int full = (int) device.integer("full_mm", LEAST_MM, MOST_MM, null);
    int least = (int) device.integer("least_mm", 1, MOST_MM, LEAST_MM);
    int most = (int) device.integer("most_mm", LEAST_MM, 10_000, MOST_MM);
    int echoes = (int) device.integer("echoes", 1, 15, 5L);
    if (full >= empty) {
      device.reject(
          "full_mm",
          "full_mm " + full + " is not less than empty_mm " + empty,
          "both are distances from the sensor: a full container is nearer");
      return null;
    }
    return new A02Driver(empty, full, least, most, echoes);
  }

  @Override
  public String place(Settings device) {
    return "the UART: one sensor a bus";
  }
}
