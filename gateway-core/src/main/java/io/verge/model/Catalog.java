package io.verge.model;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Types and devices in a fixed order. Samples and batches name a device by its index here, so a
 * change makes a new revision; two catalogs with equal content have the same {@code rev} in one
 * store.
 *
 * @param rev revision number, from 1 on; 0 means "not numbered yet".
 */
public record Catalog(long rev, List<DeviceType> types, List<Device> devices) {
  public static final int TYPES_MAX = 1000;
  public static final int DEVICES_MAX = 10_000;

  public Catalog {
    types = List.copyOf(types);
    devices = List.copyOf(devices);
    if (types.size() > TYPES_MAX || devices.size() > DEVICES_MAX) {
      throw new IllegalArgumentException(
          types.size() + " types and " + devices.size() + " devices are too many");
    }
    Set<String> ids = new HashSet<>();
    for (Device device : devices) {
      if (device.type() < 0 || device.type() >= types.size()) {
        throw new IllegalArgumentException(device.id() + " names type " + device.type());
      }
      if (!ids.add(device.id())) {
        throw new IllegalArgumentException(device.id() + " twice");
      }
    }
  }

  public DeviceType typeOf(int device) {
    return types.get(devices.get(device).type());
  }

  /** Index of the device with this id, or -1. */
  public int indexOf(String id) {
    for (int i = 0; i < devices.size(); i++) {
      if (devices.get(i).id().equals(id)) {
        return i;
      }
    }
    return -1;
  }

  public Catalog withRev(long newRev) {
    return new Catalog(newRev, types, devices);
  }
}
