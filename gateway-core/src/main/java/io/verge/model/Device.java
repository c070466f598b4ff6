package io.verge.model;

import java.util.Map;

/**
 * One device as the catalog names it.
 *
 * @param type index into {@link Catalog#types()}.
 * @param id the asset's name, for example {@code lamp-17}; unique in the catalog.
 * @param details optional facts for receivers (address, profile, place); values are String, Long,
 *     Boolean.
 */
public record Device(int type, String id, Map<String, Object> details) {
  public Device {
    details = Map.copyOf(details);
  }

  public Device(int type, String id) {
    this(type, id, Map.of());
  }
}
