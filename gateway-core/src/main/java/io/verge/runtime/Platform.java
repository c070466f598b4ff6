package io.verge.runtime;

import io.verge.time.Crew;
import io.verge.time.Ticker;
import io.verge.time.WallClock;
import io.verge.transport.TransportProvider;
import io.verge.uplink.UplinkTransportProvider;
import java.util.List;
import java.util.random.RandomGenerator;

/** What a gateway stands on: the machine's in production, simulated time and ports in tests. */
public record Platform(
    Ticker ticker,
    WallClock clock,
    long boot,
    Crew crew,
    List<TransportProvider> transports,
    List<UplinkTransportProvider> uplinks,
    RandomGenerator random,
    String version) {
  public Platform {
    transports = List.copyOf(transports);
    uplinks = List.copyOf(uplinks);
  }
}
