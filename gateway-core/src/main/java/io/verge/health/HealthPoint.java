package io.verge.health;

import io.verge.model.PointKind;
import io.verge.model.PointType;

/**
 * What a gateway tells of itself, as points of a device of its own in the catalog. That device has
 * the gateway's id and the type {@link #TYPE}; it has only the points its computer can fill. Units
 * are those of RFC 8428 and RFC 8798.
 */
public enum HealthPoint {
  CPU_TEMPERATURE(gauge("cpu-temperature", "Cel", 1, "the hottest thermometer of the board")),
  LOAD(gauge("load", "", 2, "tasks that ran or waited, mean of the last 15 minutes")),
  MEMORY_FREE(gauge("memory-free", "%", 1, "what programs could still have without swapping")),
  DISK_FREE(gauge("disk-free", "GB", 3, "of the file system that holds the store")),
  CARD_USED(gauge("card-used", "%", 0, "of its life, as an eMMC says, in tens")),
  CARD_DAYS(gauge("card-days", "", 0, "days the card lasts if written as now, counted from new")),
  CARD_WRITTEN(gauge("card-written", "KiB", 0, "told to the card a day, mean of the last days")),
  MODEM_SIGNAL(gauge("modem-signal", "%", 0, "as ModemManager rates it")),
  DATA_MONTH(gauge("data-month", "KiB", 0, "at the sockets of all uplinks, this billing month")),
  RESTARTS(counter("restarts", "", "starts of the gateway on this store, the first not counted")),
  UPTIME(gauge("uptime", "min", 0, "of the computer")),
  THROTTLED(
      new PointType(
          "throttled",
          "",
          0,
          PointKind.STATE,
          "get_throttled of a Raspberry Pi: bit 0 too low a voltage now, 16 since the start"));

  /** Name of the device type. */
  public static final String TYPE = "gateway";

  private final PointType type;

  HealthPoint(PointType type) {
    this.type = type;
  }

  public PointType type() {
    return type;
  }

  private static PointType gauge(String name, String unit, int decimals, String meaning) {
    return new PointType(name, unit, decimals, PointKind.GAUGE, meaning);
  }

  private static PointType counter(String name, String unit, String meaning) {
    return new PointType(name, unit, 0, PointKind.COUNTER, meaning);
  }
}
