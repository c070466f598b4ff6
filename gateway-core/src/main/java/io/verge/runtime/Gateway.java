package io.verge.runtime;

import io.verge.autonomy.LinkKeeper;
import io.verge.autonomy.RuleWorker;
import io.verge.cli.OpenMetrics;
import io.verge.command.CommandDesk;
import io.verge.config.DeviceConfig;
import io.verge.config.SiteConfig;
import io.verge.health.Counters;
import io.verge.local.CardView;
import io.verge.local.LocalServer;
import io.verge.local.MetricsServer;
import io.verge.model.Catalog;
import io.verge.model.Sample;
import io.verge.poll.BusSettings;
import io.verge.poll.BusWorker;
import io.verge.poll.Polled;
import io.verge.store.SealPolicy;
import io.verge.store.ShedPolicy;
import io.verge.store.Store;
import io.verge.store.StoreException;
import io.verge.store.StoreFiles;
import io.verge.store.StoreSettings;
import io.verge.store.StoreWorker;
import io.verge.time.Stamper;
import io.verge.time.Worker;
import io.verge.transport.TransportProvider;
import io.verge.uplink.CommandInbox;
import io.verge.uplink.UplinkSettings;
import io.verge.uplink.UplinkTransportProvider;
import io.verge.uplink.UplinkWorker;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A running gateway, wired by hand: the only place where buses, store and uplinks meet. */
public final class Gateway {
  private final SiteConfig config;
  private final Path data;
  private final Platform platform;
  private final Counters counters = new Counters();
  private final Catalog catalog;
  private final StoreWorker store;
  private final List<BusWorker> buses = new ArrayList<>();
  private final List<UplinkWorker> uplinks = new ArrayList<>();
  private final Field field;
  private final CommandDesk desk;
  private final Watch watch;
  private final ClockWatch clockWatch;
  private final Stamper stamper;
  private final Traces traces;
  private final PlannedLamps plan;
  private final RuleWorker rules;
  private final @Nullable CardWatch card;
  private final @Nullable HealthWatch health;
  private @Nullable Worker local;
  private @Nullable Worker metrics;
  private @Nullable Updating updating;
  private final @Nullable LinkKeeper modem;

  /**
   * Opens the store, makes the drivers, and starts every worker.
   *
   * @param data folder of the store; made if it is not there.
   * @throws StoreException if the store can't be opened.
   * @throws IOException if the folder can't be made.
   */
  public static Gateway start(SiteConfig config, Path data, Platform platform)
      throws StoreException, IOException {
    return start(config, data, platform, null);
  }

  /**
   * The same, with a configuration that can be changed.
   *
   * @param keeper null: it can't.
   */
  static Gateway start(
      SiteConfig config, Path data, Platform platform, @Nullable ConfigKeeper keeper)
      throws StoreException, IOException {
    Files.createDirectories(data);
    Gateway gateway = new Gateway(config, data, platform, keeper);
    gateway.plan.resume(gateway.store);
    gateway.desk.resume();
    platform.crew().start(gateway.store);
    platform.crew().start(gateway.clockWatch);
    gateway.buses.forEach(platform.crew()::start);
    platform.crew().start(gateway.plan.worker());
    platform.crew().start(gateway.rules);
    gateway.uplinks.forEach(platform.crew()::start);
    if (gateway.modem != null) {
      platform.crew().start(gateway.modem);
    }
    if (gateway.card != null) {
      platform.crew().start(gateway.card);
    }
    if (gateway.health != null) {
      platform.crew().start(gateway.health);
    }
    if (gateway.updating != null) {
      gateway.updating.start(gateway.desk, gateway.watch);
    }
    return gateway;
  }

  private Gateway(SiteConfig config, Path data, Platform platform, @Nullable ConfigKeeper keeper)
      throws StoreException {
    this.config = config;
    this.data = data;
    this.platform = platform;
    StoreFiles.Opened opened = StoreFiles.open(file(), platform.random());
    Store file = opened.store();
    Drivers drivers = new Drivers(config.buses(), file);
    Map<String, PolledSite.Kept> kept = new HashMap<>();
    for (UplinkSettings uplink : config.uplinks()) {
      kept.put(uplink.name(), PolledSite.Kept.of(uplink.name(), file));
    }
    Card under = Card.watchable(platform.root(), data);
    HealthSources sources = healthSources(under, file);
    this.catalog = file.useCatalog(drivers.catalog(config, sources));
    this.stamper = new Stamper(platform.boot(), platform.ticker(), platform.clock());
    this.traces = new Traces(stamper::now);
    SiteConfig.Store storing = config.store();
    this.store =
        new StoreWorker(
            file,
            new StoreSettings(
                storing.commitMs(),
                storing.maxBytes(),
                new SealPolicy(
                    storing.flushTelemetryMs(),
                    storing.flushMeterMs(),
                    SealPolicy.DEFAULT.watchedMs(),
                    SealPolicy.DEFAULT.bytesMax()),
                config.uplinks().stream().map(UplinkSettings::name).toList(),
                shedding(storing)),
            catalog,
            stamper,
            platform.ticker(),
            counters,
            opened.quarantined());
    this.watch = new Watch(catalog, stamper, store, store);
    this.store.onNews(watch::remember);
    long[] modemKept = file.kept(Recovery.OWNER).orElse(new long[0]);
    this.card =
        under == null
            ? null
            : new CardWatch(
                under,
                storing.cardEndurance(),
                file.kept(CardWatch.OWNER).orElse(new long[0]),
                store,
                stamper);
    this.health = sources == null ? null : health(sources);
    this.clockWatch = new ClockWatch(stamper, watch);
    for (int b = 0; b < config.buses().size(); b++) {
      buses.add(bus(config.buses().get(b), drivers.polled(b, catalog)));
    }
    this.field = new Field(catalog, buses);
    this.plan = new PlannedLamps(config.plan(), catalog, buses, field, watch, stamper, counters);
    this.rules =
        new RuleWorker(config.rules(), config.plan().place(), catalog, watch, stamper, counters);
    watch.judgedBy(rules::offer);
    List<CommandDesk.Own> own = new ArrayList<>();
    own.add(new ResendOrders(uplinks));
    if (keeper != null) {
      own.add(new ConfigOrders(keeper, config.configuring()));
      updating = new Updating(config, data, uplinks, stamper, platform);
      own.add(updating.orders());
    }
    this.desk = new CommandDesk(plan, own, watch, watch, stamper, counters);
    for (UplinkSettings uplink : config.uplinks()) {
      PolledSite.Kept left = Objects.requireNonNull(kept.get(uplink.name()));
      uplinks.add(uplink(uplink, new PolledSite(catalog, this::last, store, uplink.name(), left)));
    }
    this.modem =
        Recovery.of(
            config.modem(),
            uplinks,
            field,
            store,
            modemKept,
            watch,
            stamper,
            platform.ticker(),
            counters);
  }

  private @Nullable HealthSources healthSources(@Nullable Card under, Store file)
      throws StoreException {
    Path root = platform.root();
    if (root == null || !config.health().isDelivered()) {
      return null;
    }
    long[] starts = file.kept(HealthWatch.OWNER).orElse(new long[0]);
    return new HealthSources(
        root,
        data,
        under,
        config.store().cardEndurance() > 0,
        this::card,
        config.uplinks().isEmpty() ? null : this::monthBytes,
        starts.length == 1 ? starts[0] : 0);
  }

  private HealthWatch health(HealthSources sources) {
    int device = catalog.indexOf(config.gateway());
    store.keep(HealthWatch.OWNER, new long[] {sources.restarts() + 1});
    return new HealthWatch(device, catalog.typeOf(device), sources, watch, stamper, counters);
  }

  private long monthBytes() {
    return uplinks.stream().mapToLong(uplink -> uplink.view().usage().total()).sum();
  }

  private static ShedPolicy shedding(SiteConfig.Store storing) {
    return new ShedPolicy(
        ShedPolicy.Mode.valueOf(storing.shedMeter().toUpperCase(Locale.ROOT)),
        ShedPolicy.Mode.valueOf(storing.shedTelemetry().toUpperCase(Locale.ROOT)),
        storing.thinPeriodMs(),
        storing.eventPercent() / 100.0,
        storing.minFreeBytes(),
        storing.spareUplinks());
  }

  private BusWorker bus(SiteConfig.Bus bus, List<Polled> polled) {
    TransportProvider provider =
        platform.transports().stream()
            .filter(transport -> transport.scheme().equals(bus.port().scheme()))
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("no transport for " + bus.port()));
    List<String> families = bus.devices().stream().map(DeviceConfig::family).distinct().toList();
    traces.add(bus.name(), families.size() == 1 ? families.get(0) : "");
    if (bus.hasLines()) {
      return BusWorker.onLines(
          bus.name(), bus.port(), provider, polled, watch, stamper, platform.ticker(), counters);
    }
    return BusWorker.onBytes(
        new BusSettings(
            bus.name(), bus.timeoutMs(), bus.retries(), bus.turnaroundMs(), bus.echoes()),
        bus.port(),
        provider,
        polled,
        watch,
        stamper,
        platform.ticker(),
        counters,
        traces);
  }

  private UplinkWorker uplink(UplinkSettings uplink, PolledSite site) {
    return new UplinkWorker(
        uplink,
        provider(uplink),
        store,
        new CommandInbox() {
          @Override
          public void command(String name, byte[] message) {
            desk.message(name, message);
          }

          @Override
          public void refused(String name, String why) {
            desk.refused(name, why);
          }
        },
        watch,
        stamper,
        platform.ticker(),
        platform.clock(),
        counters,
        platform.random(),
        platform.version(),
        "",
        store.epoch(),
        site);
  }

  private UplinkTransportProvider provider(UplinkSettings uplink) {
    return platform.uplinks().stream()
        .filter(provider -> provider.schemes().contains(uplink.uri().getScheme()))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no transport for " + uplink.uri()));
  }

  public SiteConfig config() {
    return config;
  }

  public Catalog catalog() {
    return catalog;
  }

  public Counters counters() {
    return counters;
  }

  public StoreWorker store() {
    return store;
  }

  public List<BusWorker> buses() {
    return List.copyOf(buses);
  }

  public List<UplinkWorker> uplinks() {
    return List.copyOf(uplinks);
  }

  public CommandDesk desk() {
    return desk;
  }

  /** The store's database. */
  Path file() {
    return data.resolve("verge.db");
  }

  /** Folder of the store. */
  Path data() {
    return data;
  }

  Traces traces() {
    return traces;
  }

  RuleWorker rules() {
    return rules;
  }

  Watch watch() {
    return watch;
  }

  Platform platform() {
    return platform;
  }

  Stamper stamper() {
    return stamper;
  }

  /**
   * Opens the control socket.
   *
   * @throws IOException if it can't be made.
   */
  void openLocal(ConfigKeeper keeper) throws IOException {
    Worker server =
        LocalServer.open(
            new LocalServer.Settings(config.socket()),
            new GatewayDesk(this, keeper),
            platform.ticker(),
            counters);
    local = server;
    platform.crew().start(server);
  }

  /**
   * Serves its figures to collectors on this computer, where the configuration says so.
   *
   * @throws IOException if the address can't be used.
   */
  void openMetrics(ConfigKeeper keeper) throws IOException {
    InetSocketAddress address = config.health().metrics();
    if (address != null) {
      GatewayDesk desk = new GatewayDesk(this, keeper);
      Worker server =
          MetricsServer.open(
              address, () -> OpenMetrics.of(desk.status()), platform.ticker(), counters);
      metrics = server;
      platform.crew().start(server);
    }
  }

  /** The gateway's own points; null: it has none. */
  @Nullable HealthWatch health() {
    return health;
  }

  /** The last sample of a device, or null. Any thread. */
  @Nullable Sample last(int device) {
    if (health != null && health.device() == device) {
      return health.last();
    }
    return field.last(device);
  }

  /** What was last seen of the card under the store; null: it is not watched. */
  @Nullable CardView card() {
    return card == null ? null : card.view();
  }

  /** What was last seen of the modem's recovery; null: none is configured. */
  LinkKeeper.@Nullable View modem() {
    LinkKeeper keeper = modem;
    return keeper == null ? null : keeper.view();
  }

  /** Stops polling; what was acquired is still sealed and sent. */
  public void stopPolling() {
    if (modem != null) {
      stop(modem);
    }
    stop(plan.worker());
    buses.forEach(this::stop);
    if (health != null) {
      stop(health);
    }
    stop(rules);
  }

  /** Stops polling, then sending, and last the store, which commits what waits. */
  public void stop() {
    Stream.of(local, metrics).filter(Objects::nonNull).forEach(this::stop);
    stop(clockWatch);
    if (card != null) {
      stop(card);
    }
    stopPolling();
    Updating updates = updating;
    if (updates != null) {
      updates.stop();
    }
    uplinks.forEach(this::stop);
    stop(store);
  }

  private void stop(Worker worker) {
    platform.crew().stop(worker);
  }
}
