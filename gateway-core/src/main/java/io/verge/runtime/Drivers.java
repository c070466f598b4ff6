package io.verge.runtime;

import io.verge.config.DeviceConfig;
import io.verge.config.SiteConfig;
import io.verge.driver.Driver;
import io.verge.health.HealthPoint;
import io.verge.model.Catalog;
import io.verge.model.Device;
import io.verge.model.DeviceType;
import io.verge.poll.Polled;
import io.verge.store.Store;
import io.verge.store.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A site's drivers, bus by bus, made with what the store kept of their devices; what they measure
 * is the catalog.
 */
final class Drivers {
  private final List<SiteConfig.Bus> buses;
  private final Store kept;
  private final List<List<Driver>> ofBuses = new ArrayList<>();

  /** Before the store has a worker: it is asked here, on this thread. */
  Drivers(List<SiteConfig.Bus> buses, Store kept) throws StoreException {
    this.buses = buses;
    this.kept = kept;
    for (SiteConfig.Bus bus : buses) {
      List<Driver> ofBus = new ArrayList<>();
      for (DeviceConfig device : bus.devices()) {
        ofBus.add(device.create(kept.kept(device.asset()).orElse(null)));
      }
      ofBuses.add(ofBus);
    }
  }

  /**
   * Every device in the order of the configuration, and last the gateway itself.
   *
   * @param sources what the gateway tells of itself; null: nothing.
   */
  Catalog catalog(SiteConfig config, @Nullable HealthSources sources) {
    List<DeviceType> types = new ArrayList<>();
    List<Device> devices = new ArrayList<>();
    for (int b = 0; b < buses.size(); b++) {
      List<DeviceConfig> ofBus = buses.get(b).devices();
      for (int d = 0; d < ofBus.size(); d++) {
        DeviceConfig device = ofBus.get(d);
        DeviceType type =
            new DeviceType(device.typeName(), device.everyMs(), ofBuses.get(b).get(d).points());
        if (!types.contains(type)) {
          types.add(type);
        }
        devices.add(new Device(types.indexOf(type), device.asset()));
      }
    }
    if (sources != null) {
      devices.add(new Device(types.size(), config.gateway()));
      types.add(
          new DeviceType(
              HealthPoint.TYPE,
              config.health().everyMs(),
              sources.points().stream().map(HealthPoint::type).toList()));
    }
    return new Catalog(0, types, devices);
  }

  /** The devices of a bus as its worker polls them, with what was told of their identities. */
  List<Polled> polled(int bus, Catalog catalog) throws StoreException {
    List<Polled> polled = new ArrayList<>();
    List<Driver> drivers = ofBuses.get(bus);
    for (int d = 0; d < drivers.size(); d++) {
      DeviceConfig device = buses.get(bus).devices().get(d);
      long[] told = kept.kept(Polled.identityOwner(device.asset())).orElse(new long[0]);
      polled.add(
          new Polled(
              catalog.indexOf(device.asset()),
              device.asset(),
              device.lane(),
              drivers.get(d),
              device.everyMs(),
              told.length == 1 ? OptionalLong.of(told[0]) : OptionalLong.empty()));
    }
    return polled;
  }
}
