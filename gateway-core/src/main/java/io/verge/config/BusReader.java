package io.verge.config;

import io.verge.bytes.Decoded;
import io.verge.driver.Driver;
import io.verge.driver.DriverFactory;
import io.verge.driver.LineDriver;
import io.verge.health.HealthPoint;
import io.verge.model.Lane;
import io.verge.model.PointType;
import io.verge.transport.PortUri;
import io.verge.transport.TransportProvider;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads buses and their devices. */
final class BusReader {
  private static final long WEEK_MS = 7 * 86_400_000L;

  private final Map<String, DriverFactory> factories;
  private final Map<String, TransportProvider> transports;
  private final Profiles profiles;
  private final String own;
  private final Set<String> assets = new HashSet<>();
  private final Map<String, List<String>> operations = new LinkedHashMap<>();
  private final Map<String, List<String>> points = new LinkedHashMap<>();

  /**
   * @param own name of the gateway's own device, whose points are those of {@link HealthPoint};
   *     empty: it has none.
   */
  BusReader(
      Map<String, DriverFactory> factories,
      Map<String, TransportProvider> transports,
      Profiles profiles,
      String own) {
    this.own = own;
    this.factories = factories;
    this.transports = transports;
    this.profiles = profiles;
  }

  /** What each asset read so far can be told to do. */
  Map<String, List<String>> operations() {
    return operations;
  }

  /** The points of each asset read so far. */
  Map<String, List<String>> points() {
    return points;
  }

  List<SiteConfig.Bus> buses(List<TomlSettings> tables) {
    List<SiteConfig.Bus> buses = new ArrayList<>();
    Set<String> names = new HashSet<>();
    Set<String> ports = new HashSet<>();
    for (TomlSettings bus : tables) {
      Ids.unique(bus, names, "name", Ids.id(bus, "name"));
      Ids.unique(bus, ports, "port", bus.text("port", null));
      SiteConfig.Bus read = bus(bus);
      if (read != null) {
        buses.add(read);
      }
    }
    if (!own.isEmpty()) {
      points.put(own, Stream.of(HealthPoint.values()).map(point -> point.type().name()).toList());
    }
    return buses;
  }

  private SiteConfig.@Nullable Bus bus(TomlSettings table) {
    String port = table.text("port", null);
    Decoded<PortUri> parsed = PortUri.parse(port);
    PortUri uri = null;
    TransportProvider transport = null;
    if (parsed instanceof Decoded.Invalid<PortUri> invalid) {
      if (table.has("port")) {
        table.reject("port", invalid.reason(), "");
      }
    } else {
      uri = parsed.orThrow();
      transport = transports.get(uri.scheme());
      if (transport == null) {
        table.reject(
            "port",
            "unknown kind of port '" + uri.scheme() + "'",
            Nearest.hint(uri.scheme(), transports.keySet()));
      } else {
        for (String wrong : transport.check(uri)) {
          table.reject("port", wrong, "");
        }
      }
    }
    int timeout = (int) table.millis("timeout", 10, 10_000, 300L);
    int retries = (int) table.integer("retries", 0, 10, 1L);
    int turnaround = (int) table.millis("turnaround", 1, 5_000, 50L);
    boolean echoes = table.flag("echo", false);
    List<DeviceConfig> devices = new ArrayList<>();
    Set<String> places = new HashSet<>();
    for (TomlSettings device : table.tomlTables("device")) {
      DeviceConfig read = device(device, transport, places);
      if (read != null) {
        devices.add(read);
      }
    }
    return uri == null || transport == null
        ? null
        : new SiteConfig.Bus(
            table.text("name", ""),
            uri,
            transport.hasLines(),
            timeout,
            retries,
            turnaround,
            echoes,
            List.copyOf(devices));
  }

  private @Nullable DeviceConfig device(
      TomlSettings table, @Nullable TransportProvider transport, Set<String> places) {
    String asset = Ids.id(table, "asset");
    Ids.unique(table, assets, "asset", asset);
    if (!asset.isEmpty() && asset.equals(own)) {
      table.reject(
          "asset",
          "\"" + asset + "\" is the gateway's own name",
          "give the asset another, or set health.deliver = false");
    }
    long every = table.millis("every", 100, WEEK_MS, 60_000L);
    String family = table.text("driver", null);
    DriverFactory factory = factories.get(family);
    if (factory == null) {
      if (table.has("driver")) {
        table.reject(
            "driver",
            "unknown driver \"" + family + "\"",
            Nearest.hint(family, factories.keySet()));
      }
      table.skipUnknown();
      return null;
    }
    TomlSettings profile = null;
    if (factory.needsProfile()) {
      profile = profiles.of(table);
      if (profile == null) {
        table.skipUnknown();
        return null;
      }
    }
    String place = factory.place(table);
    if (!place.isEmpty() && !places.add(place)) {
      table.reject("asset", place + " is used twice on this bus", "give each device its own");
    }
    Driver driver = factory.create(table, profile, null);
    if (profile != null) {
      profile.finish();
    }
    if (driver == null) {
      return null;
    }
    if (transport != null && transport.hasLines() != driver instanceof LineDriver) {
      table.reject(
          "driver",
          "\"" + family + "\" sits on " + (factory.needsLines() ? "GPIO lines" : "a byte bus"),
          "this bus is " + (transport.hasLines() ? "a GPIO chip" : "a byte bus"));
    }
    operations.put(asset, driver.operations());
    points.put(asset, driver.points().stream().map(PointType::name).toList());
    String type = factory.typeName(table, profile);
    Lane lane = factory.lane(table, profile);
    return new DeviceConfig(asset, factory, type, lane, every, table, profile);
  }
}
