package io.verge.wire;

import io.verge.model.Catalog;
import io.verge.model.Device;
import io.verge.model.DeviceType;
import io.verge.model.PointType;
import java.util.List;

/** The street that messages in tests are about, whoever encoded them. */
public final class VectorCatalog {
  public static final Catalog CATALOG =
      new Catalog(
          3,
          List.of(
              new DeviceType(
                  "lamp",
                  60_000,
                  List.of(
                      PointType.gauge("power", "W", 1),
                      PointType.gauge("level", "%", 0),
                      PointType.counter("energy", "kWh", 2))),
              new DeviceType(
                  "container",
                  900_000,
                  List.of(PointType.gauge("fill", "%", 0), PointType.gauge("distance", "mm", 0))),
              new DeviceType("water", 300_000, List.of(PointType.counter("volume", "m3", 3)))),
          List.of(
              new Device(0, "lamp-1"),
              new Device(1, "bin-1"),
              new Device(0, "lamp-2"),
              new Device(2, "meter-1"),
              new Device(0, "lamp-3"),
              new Device(1, "bin-2")));

  private VectorCatalog() {}
}
