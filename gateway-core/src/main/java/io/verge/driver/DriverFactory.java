package io.verge.driver;

import io.verge.model.Lane;
import org.jspecify.annotations.Nullable;

/** Makes the drivers of one family. Found by {@code ServiceLoader} in {@code runtime}. */
public interface DriverFactory {
  /** The word in the configuration: {@code driver = "modbus"}. */
  String family();

  /** Whether its devices sit on GPIO lines rather than on a byte bus. */
  default boolean needsLines() {
    return false;
  }

  /** Whether a device names a profile: {@code profile = "sdm120"}. */
  default boolean needsProfile() {
    return false;
  }

  /**
   * The catalog's type name for a device, for example {@code lamp}; from the profile where there is
   * one.
   */
  String typeName(Settings device, @Nullable Settings profile);

  Lane lane(Settings device, @Nullable Settings profile);

  /**
   * Reads the device's settings and makes its driver.
   *
   * @param keep what the last {@link Readout#keep()} held, or null at first.
   * @return null if the settings were wrong; each problem has been reported to {@code device} or
   *     {@code profile}.
   */
  @Nullable Driver create(Settings device, @Nullable Settings profile, long @Nullable [] keep);

  /** Finds devices of this family; null where they can't be found by asking. */
  default @Nullable BusScanner scanner() {
    return null;
  }

  /**
   * What makes two devices of one bus collide, for example {@code address 17}; empty where nothing
   * can.
   */
  String place(Settings device);
}
