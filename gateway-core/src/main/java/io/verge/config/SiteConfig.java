package io.verge.config;

import io.verge.autonomy.Ladder;
import io.verge.autonomy.Place;
import io.verge.autonomy.PlanGroup;
import io.verge.autonomy.Rule;
import io.verge.transport.PortUri;
import io.verge.uplink.UplinkSettings;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A whole, checked configuration.
 *
 * @param configuring names of the uplinks that may change it.
 * @param hawkbit null: none is asked for updates.
 * @param modem what is done about a modem behind which nothing is acked; null: nothing.
 */
public record SiteConfig(
    String gateway,
    String name,
    boolean trustSystemClock,
    Store store,
    Path socket,
    List<UplinkSettings> uplinks,
    List<Bus> buses,
    Plan plan,
    List<Rule> rules,
    Set<String> configuring,
    Health health,
    @Nullable Hawkbit hawkbit,
    @Nullable Modem modem) {
  /**
   * {@code [modem]}.
   *
   * @param asset of the modem's AT port, or empty.
   * @param power of the relay that carries its supply, or empty.
   * @param powerOffMs how long it stays off.
   * @param rebootFile made when the computer is to start anew, or null.
   */
  public record Modem(
      String asset, String power, long powerOffMs, @Nullable Path rebootFile, Ladder ladder) {}

  /**
   * {@code [hawkbit]}: a server that orders updates.
   *
   * @param url where its API begins.
   * @param controller as which target the gateway asks.
   * @param token file with the target's token.
   * @param uplink by whose line it is asked, and whose data plan pays.
   */
  public record Hawkbit(URI url, String tenant, String controller, Path token, String uplink) {}

  /**
   * {@code [health]}: what the gateway tells of itself.
   *
   * @param isDelivered as points of a device of its own.
   * @param everyMs between two samples of it.
   * @param metrics loopback address of the OpenMetrics exporter; null: there is none.
   */
  public record Health(boolean isDelivered, long everyMs, @Nullable InetSocketAddress metrics) {}

  /**
   * {@code [store]}.
   *
   * @param shedMeter {@code oldest}, {@code newest} or {@code thin}: how meters give way when the
   *     store is full.
   * @param shedTelemetry the same of telemetry.
   * @param eventPercent of the store kept for events.
   * @param spareUplinks uplinks with {@code hold = "spare"}: they may not hold the disk for others.
   * @param cardEndurance bytes that may be written to the card in its life; 0: nobody said.
   */
  public record Store(
      long commitMs,
      long maxBytes,
      long flushTelemetryMs,
      long flushMeterMs,
      String shedMeter,
      String shedTelemetry,
      long thinPeriodMs,
      int eventPercent,
      long minFreeBytes,
      Set<String> spareUplinks,
      long cardEndurance) {
    public Store {
      spareUplinks = Set.copyOf(spareUplinks);
    }
  }

  /**
   * Every {@code [[plan]]}, and where the site is.
   *
   * @param hasCoordinates false: the place is a zone only, and no group goes by the sun.
   */
  public record Plan(Place place, boolean hasCoordinates, List<PlanGroup> groups) {
    public Plan {
      groups = List.copyOf(groups);
    }
  }

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
