package io.verge.drivers.modbus;

import io.verge.driver.Settings;
import io.verge.drivers.modbus.RegisterPlan.Limits;
import io.verge.model.Lane;
import io.verge.model.PointType;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The register map of a device model.
 *
 * @param limits of one read.
 * @param channels alike parts of the device, each an asset of its own; 0: it is one asset.
 * @param channelStep registers or coils from one channel's to the next one's.
 * @param loop the point that is the current of a loop of 4 to 20 mA, or {@link #NO_LOOP}.
 */
record ModbusProfile(
    List<MapPoint> points,
    Limits limits,
    List<Setting> settings,
    int channels,
    int channelStep,
    int loop) {
  /** No point is a loop's current. */
  static final int NO_LOOP = -1;

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
        channelStep,
        loop);
  }

  /** The map where the loop's current is what a sensor measures. */
  ModbusProfile measuring(PointType type, BigDecimal at4, BigDecimal at20) {
    List<MapPoint> measured = new ArrayList<>(points);
    measured.set(loop, new LoopPoint(type, (RegisterPoint) points.get(loop), at4, at20));
    return new ModbusProfile(measured, limits, settings, channels, channelStep, loop);
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
        channelStep,
        loop);
  }
}
