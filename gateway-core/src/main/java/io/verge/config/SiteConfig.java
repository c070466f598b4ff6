package io.verge.config;

import io.verge.transport.PortUri;
import io.verge.uplink.UplinkSettings;
import java.nio.file.Path;
import java.util.List;

/** A whole, checked configuration. */
public record SiteConfig(
    String gateway,
    String name,
    boolean trustSystemClock,
    Store store,
    Path socket,
    List<UplinkSettings> uplinks,
    List<Bus> buses) {
  /** {@code [store]}. */
  public record Store(long commitMs, long maxBytes, long flushTelemetryMs, long flushMeterMs) {}

  /** One {@code [[bus]]}. */
  public record Bus(
      String name,
      PortUri port,
      boolean hasLines,
      int timeoutMs,
      int retries,
      int turnaroundMs,
      boolean echoes,
      List<DeviceConfig> devices) {}

  public int devices() {
    return buses.stream().mapToInt(bus -> bus.devices().size()).sum();
  }
}
