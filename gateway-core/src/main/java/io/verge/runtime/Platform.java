package io.verge.runtime;

import io.verge.time.Crew;
import io.verge.time.Ticker;
import io.verge.time.WallClock;
import io.verge.transport.TransportProvider;
import io.verge.uplink.UplinkTransportProvider;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Everything a gateway takes from the machine: time, threads, ports, networks, chance. A
 * whole-gateway simulation brings its own.
 *
 * @param boot number of this boot, 32 bits, unsigned.
 */
public record Platform(
    Ticker ticker,
    WallClock wall,
    long boot,
    Crew crew,
    List<TransportProvider> transports,
    List<UplinkTransportProvider> uplinks,
    RandomGenerator random) {}
