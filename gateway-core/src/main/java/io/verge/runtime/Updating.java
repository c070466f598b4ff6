package io.verge.runtime;

import io.verge.command.CommandDesk;
import io.verge.config.SiteConfig;
import io.verge.poll.SampleSink;
import io.verge.time.Stamper;
import io.verge.update.Updater;
import io.verge.uplink.Tls;
import io.verge.uplink.UplinkWorker;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How a running gateway comes to a new version: who may order one, and who pays for its way. */
final class Updating {
  private static final Logger LOG = LoggerFactory.getLogger(Updating.class);

  private final SiteConfig config;
  private final List<UplinkWorker> uplinks;
  private final Stamper stamper;
  private final Platform platform;
  private final UpdateOrders orders;
  private final String token;
  private @Nullable HawkbitWorker hawkbit;

  /**
   * @param data folder of the store; what is fetched lies below it.
   * @param uplinks looked at when an update is ordered.
   */
  Updating(
      SiteConfig config,
      Path data,
      List<UplinkWorker> uplinks,
      Stamper stamper,
      Platform platform) {
    this.config = config;
    this.uplinks = uplinks;
    this.stamper = stamper;
    this.platform = platform;
    this.token = token(config.hawkbit());
    this.orders =
        new UpdateOrders(
            new UpdateFiles(data.resolve("update"), new WholeFiles()),
            () -> uplinks.stream().map(UpdateFetch.PaidLine::of).toList(),
            allowed(config),
            this::fields,
            () ->
                InstalledUpdates.updater(
                    Path.of(InstalledUpdates.ROOT),
                    Path.of(InstalledUpdates.KEYS),
                    config.socket(),
                    System.err,
                    new Updater.Patience(Duration.ZERO, Duration.ZERO)),
            stamper,
            platform.ticker(),
            platform.crew());
  }

  UpdateOrders orders() {
    return orders;
  }

  /** Begins to ask the server, where one is configured. */
  void start(CommandDesk desk, SampleSink events) {
    SiteConfig.Hawkbit server = config.hawkbit();
    if (server == null || token.isEmpty()) {
      return;
    }
    UplinkWorker line =
        uplinks.stream()
            .filter(uplink -> uplink.settings().name().equals(server.uplink()))
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("no uplink " + server.uplink()));
    HawkbitWorker worker =
        new HawkbitWorker(
            server,
            token,
            UpdateFetch.PaidLine.of(line),
            desk,
            events,
            stamper,
            platform.ticker(),
            Map.of("gateway", config.gateway(), "version", platform.version(), "arch", arch()),
            arch());
    hawkbit = worker;
    platform.crew().start(worker);
  }

  /** What is not done yet goes on at the next start. */
  void stop() {
    HawkbitWorker worker = hawkbit;
    if (worker != null) {
      platform.crew().stop(worker);
    }
    orders.stop();
  }

  private static String arch() {
    return InstalledHost.debianArch(System.getProperty("os.arch", ""));
  }

  private static Map<String, String> allowed(SiteConfig config) {
    Map<String, String> allowed = new HashMap<>();
    config.configuring().forEach(name -> allowed.put("uplink:" + name, name));
    SiteConfig.Hawkbit server = config.hawkbit();
    if (server != null) {
      allowed.put(HawkbitWorker.ORIGIN, server.uplink());
    }
    return allowed;
  }

  private static String token(SiteConfig.@Nullable Hawkbit server) {
    if (server == null) {
      return "";
    }
    try {
      return Tls.secret(server.token());
    } catch (IOException e) {
      LOG.error("hawkBit is not asked: {}", e.getMessage());
      return "";
    }
  }

  private Map<String, String> fields(URI to) {
    SiteConfig.Hawkbit server = config.hawkbit();
    return server == null || token.isEmpty() ? Map.of() : HawkbitWorker.fields(server, token, to);
  }
}
