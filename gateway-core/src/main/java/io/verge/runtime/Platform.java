package io.verge.runtime;

import io.verge.time.Crew;
import io.verge.time.Ticker;
import io.verge.time.WallClock;
import io.verge.transport.TransportProvider;
import io.verge.uplink.UplinkTransportProvider;
import java.nio.file.Path;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What a gateway stands on: the machine's in production, simulated time and ports in tests.
 *
 * @param root of the file system where the computer tells of itself, in {@code /proc} and {@code
 *     /sys}; null: it is not asked, and the gateway has no points of its own.
 */
public record Platform(
    Ticker ticker,
    WallClock clock,
    long boot,
    Crew crew,
    List<TransportProvider> transports,
    List<UplinkTransportProvider> uplinks,
    RandomGenerator random,
    String version,
    @Nullable Path root) {
  public Platform {
    transports = List.copyOf(transports);
    uplinks = List.copyOf(uplinks);
  }

  /** On a simulated computer, which tells nothing of itself. */
  public Platform(
      Ticker ticker,
      WallClock clock,
      long boot,
      Crew crew,
      List<TransportProvider> transports,
      List<UplinkTransportProvider> uplinks,
      RandomGenerator random,
      String version) {
    this(ticker, clock, boot, crew, transports, uplinks, random, version, null);
  }
}
