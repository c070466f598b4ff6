package io.verge.drivers.hcsr04;

import io.verge.driver.Driver;
import io.verge.driver.Settings;
import io.verge.drivers.wire.container.ContainerFactory;
import io.verge.drivers.wire.container.Mounting;
import org.jspecify.annotations.Nullable;

/**
 * Family {@code hcsr04}. Keys: {@code trigger}, {@code echo} (lines), {@code empty_mm}, {@code
 * full_mm} (required); {@code least_mm} (100), {@code most_mm} (4000), {@code echoes} (5), {@code
 * air_c} (20).
 */
public final class Hcsr04DriverFactory implements ContainerFactory {
  /** Lines of the largest chips of boards this runs on, and some. */
  private static final long LINE_MOST = 1023;

  /** The module hears from 20 mm on; so short a pulse the kernel's thread may miss. */
  private static final long LEAST_MM = 100;

  private static final long MOST_MM = 4000;

  @Override
  public String family() {
    return "hcsr04";
  }

  @Override
  public boolean needsLines() {
    return true;
  }

  @Override
  public @Nullable Driver create(
      Settings device, @Nullable Settings profile, long @Nullable [] keep) {
    int trigger = (int) device.integer("trigger", 0, LINE_MOST, null);
    int echo = (int) device.integer("echo", 0, LINE_MOST, null);
    Mounting mounting = Mounting.of(device, LEAST_MM, MOST_MM, true);
    if (trigger == echo) {
      device.reject("echo", "echo is line " + echo + " too", "a line of its own");
      return null;
    }
    if (device.has("assumed_c")) {
      device.reject(
          "assumed_c", "the module tells a time, no distance", "leave it out, and give air_c");
      return null;
    }
    return mounting == null ? null : new Hcsr04Driver(trigger, echo, mounting, keep);
  }

  @Override
  public String place(Settings device) {
    return "line " + device.integer("echo", 0, LINE_MOST, null);
  }
}
