package io.verge.drivers.modbus;

import io.verge.driver.Settings;
import io.verge.drivers.modbus.RegisterPlan.Limits;
import io.verge.model.Lane;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The register map of a device model.
 *
 * @param limits of one read.
 * @param channels alike parts of the device, each an asset of its own; 0: it is one asset.
 * @param channelStep registers or coils from one channel's to the next one's.
 */
record ModbusProfile(
    List<MapPoint> points, Limits limits, List<Setting> settings, int channels, int channelStep) {
  ModbusProfile {
    points = List.copyOf(points);
    settings = List.copyOf(settings);
  }

  static String type(Settings profile) {
    return profile.text("type", null);
  }

  static Lane lane(Settings profile) {
    return profile.word("lane", List.of("telemetry", "meter"), "telemetry").equals("meter")
        ? Lane.METER
        : Lane.TELEMETRY;
  }

  /**
   * @return null if anything was wrong; all of it has been reported.
   */
  static @Nullable ModbusProfile of(Settings profile) {
    return new ProfileReader(profile).read();
  }

  /** The map of one channel, from 1 on. */
  ModbusProfile ofChannel(int channel) {
    int by = (channel - 1) * channelStep;
    return new ModbusProfile(
        points.stream().map(point -> point.moved(by)).toList(),
        limits,
        settings.stream().map(setting -> setting.moved(by)).toList(),
        channels,
        channelStep);
  }

  boolean hasCoils() {
    return settings.stream().anyMatch(setting -> setting.bits() != null);
  }

  /** The map where the loads are on the contacts that open: a coil of 0 is a load that is on. */
  ModbusProfile behindOpening() {
    return new ModbusProfile(
        points.stream()
            .map(point -> point instanceof BitPoint bits ? bits.behindOpening() : point)
            .toList(),
        limits,
        settings.stream().map(Setting::behindOpening).toList(),
        channels,
        channelStep);
  }
}
