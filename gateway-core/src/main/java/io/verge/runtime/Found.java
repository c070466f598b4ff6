package io.verge.runtime;

import io.verge.cli.CliExtension;
import io.verge.config.ConfigReader;
import io.verge.driver.DriverFactory;
import io.verge.driver.FrameDecoder;
import io.verge.time.Boot;
import io.verge.time.Crew;
import io.verge.time.SystemTicker;
import io.verge.time.Ticker;
import io.verge.time.TrustedClock;
import io.verge.transport.TransportProvider;
import io.verge.uplink.UplinkTransportProvider;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;

/** What the class path offers: drivers, transports, decoders, commands. */
public final class Found {
  private Found() {}

  /** What explains frames. */
  public static List<FrameDecoder> decoders() {
    return all(FrameDecoder.class);
  }

  static List<DriverFactory> factories() {
    return all(DriverFactory.class);
  }

  static List<TransportProvider> transports() {
    return all(TransportProvider.class);
  }

  static List<CliExtension> extensions() {
    return all(CliExtension.class);
  }

  public static ConfigReader configReader(List<TransportProvider> more, Set<String> schemes) {
    List<TransportProvider> transports = new ArrayList<>(all(TransportProvider.class));
    transports.addAll(more);
    Set<String> uplinks = new HashSet<>(schemes);
    all(UplinkTransportProvider.class).forEach(provider -> uplinks.addAll(provider.schemes()));
    return new ConfigReader(all(DriverFactory.class), transports, uplinks);
  }

  /** The machine. */
  public static Platform machine(boolean trustSystemClock, Ticker ticker, Crew crew) {
    SecureRandom random = new SecureRandom();
    return new Platform(
        ticker,
        new TrustedClock(trustSystemClock, ticker),
        Boot.number(random),
        crew,
        all(TransportProvider.class),
        all(UplinkTransportProvider.class),
        random,
        Main.version(),
        Path.of("/"));
  }

  public static Ticker ticker() {
    return new SystemTicker();
  }

  private static <T> List<T> all(Class<T> kind) {
    List<T> found = new ArrayList<>();
    ServiceLoader.load(kind).forEach(found::add);
    return List.copyOf(found);
  }
}
