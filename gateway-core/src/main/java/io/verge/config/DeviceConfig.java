package io.verge.config;

import io.verge.driver.Driver;
import io.verge.driver.DriverFactory;
import io.verge.model.Lane;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One device of a bus, checked; its driver can be made again with what the store kept. */
public final class DeviceConfig {
  private final String asset;
  private final DriverFactory factory;
  private final String typeName;
  private final Lane lane;
  private final long everyMs;
  private final TomlSettings device;
  private final @Nullable TomlSettings profile;

  DeviceConfig(
      String asset,
      DriverFactory factory,
      String typeName,
      Lane lane,
      long everyMs,
      TomlSettings device,
      @Nullable TomlSettings profile) {
    this.asset = asset;
    this.factory = factory;
    this.typeName = typeName;
    this.lane = lane;
    this.everyMs = everyMs;
    // What a reading noted of every key is for who asked for it; a gateway keeps its devices for
    // years.
    this.device = device.again(new Problems());
    this.profile = profile == null ? null : profile.again(new Problems());
  }

  public String asset() {
    return asset;
  }

  /** The word of its driver: {@code modbus}. */
  public String family() {
    return factory.family();
  }

  public String typeName() {
    return typeName;
  }

  public Lane lane() {
    return lane;
  }

  public long everyMs() {
    return everyMs;
  }

  /**
   * @param keep what the last driver of this asset wanted kept, or null.
   * @throws IllegalStateException if settings that were checked have become wrong: a bug.
   */
  public Driver create(long @Nullable [] keep) {
    Problems problems = new Problems();
    Driver driver =
        factory.create(
            device.again(problems), profile == null ? null : profile.again(problems), keep);
    List<Problem> found = problems.list();
    if (driver == null || !found.isEmpty()) {
      throw new IllegalStateException(asset + ": " + found);
    }
    return driver;
  }
}
