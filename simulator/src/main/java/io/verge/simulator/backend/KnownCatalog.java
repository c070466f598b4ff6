package io.verge.simulator.backend;

import io.verge.model.Catalog;
import io.verge.model.Device;
import io.verge.model.DeviceType;
import io.verge.model.PointType;
import java.sql.SQLException;

/** A gateway's catalog and the ledger's numbers for its names. Used under the ledger's lock. */
public final class KnownCatalog {
  private final String gateway;
  private final Catalog catalog;
  private final long[] assets;
  private final long[][] points;
  private int numberedAt = -1;

  public KnownCatalog(String gateway, Catalog catalog) {
    this.gateway = gateway;
    this.catalog = catalog;
    assets = new long[catalog.devices().size()];
    points = new long[catalog.types().size()][];
  }

  public Catalog catalog() {
    return catalog;
  }

  void number(Names names) throws SQLException {
    if (numberedAt == names.generation()) {
      return;
    }
    for (int d = 0; d < assets.length; d++) {
      Device device = catalog.devices().get(d);
      assets[d] = names.asset(gateway, device.id(), catalog.typeOf(d).name());
    }
    for (int t = 0; t < points.length; t++) {
      DeviceType type = catalog.types().get(t);
      points[t] = new long[type.points().size()];
      for (int p = 0; p < points[t].length; p++) {
        PointType point = type.points().get(p);
        points[t][p] = names.point(point.name(), point.unit(), point.decimals());
      }
    }
    numberedAt = names.generation();
  }

  long asset(int device) {
    return assets[device];
  }

  long point(int device, int point) {
    return points[catalog.devices().get(device).type()][point];
  }
}
