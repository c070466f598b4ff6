package io.verge.simulator.world;

import io.verge.config.ConfigReader;
import io.verge.config.SiteConfig;
import io.verge.model.Event;
import io.verge.model.Severity;
import io.verge.runtime.Found;
import io.verge.runtime.Gateway;
import io.verge.runtime.Platform;
import io.verge.simulator.street.SimulatedClock;
import io.verge.simulator.street.Street;
import io.verge.store.StoreException;
import io.verge.store.StoreView;
import io.verge.time.Stamper;
import io.verge.time.ThreadCrew;
import io.verge.time.Ticker;
import io.verge.time.WallClock;
import io.verge.transport.TransportProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The shipped gateway in this process, in real time, with its threads, its store and its uplinks'
 * own sockets; only the street's wires are simulated, without terminals.
 */
public final class LiveGateway implements AutoCloseable {
  private final Street street;
  private final Gateway gateway;
  private final Stamper stamper;
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

  /**
   * Starts.
   *
   * @param folder of the configuration and, below {@code data}, the store, which may be there.
   * @param rest tables of the configuration: store and uplinks.
   * @param hasten poll intervals are divided by it.
   * @param clock to go by, or null: the machine's.
   */
  public LiveGateway(long seed, Path folder, String rest, double hasten, @Nullable WallClock clock)
      throws IOException, StoreException {
    Ticker ticker = Found.ticker();
    street = new Street(seed, new SimulatedClock(ticker::nanos, System.currentTimeMillis(), 1));
    WireProvider wires = new WireProvider(street.wires());
    SiteConfig config = config(folder, rest, hasten, wires);
    ThreadCrew crew =
        new ThreadCrew(ticker, (worker, thrown) -> failure.compareAndSet(null, thrown));
    Platform machine = Found.machine(config.trustSystemClock(), ticker, crew);
    List<TransportProvider> transports = new ArrayList<>(machine.transports());
    transports.add(wires);
    WallClock goesBy = clock == null ? machine.clock() : clock;
    stamper = new Stamper(machine.boot(), ticker, goesBy);
    gateway =
        Gateway.start(
            config,
            folder.resolve("data"),
            new Platform(
                ticker,
                goesBy,
                machine.boot(),
                crew,
                transports,
                machine.uplinks(),
                machine.random(),
                "simulated"));
  }

  private SiteConfig config(Path folder, String rest, double hasten, WireProvider wires)
      throws IOException {
    Path file = folder.resolve("gateway.toml");
    Files.writeString(
        file,
        street
            .configuration(folder, rest, hasten)
            .replace("serial:" + folder + "/", "sim:")
            .replaceAll("(\"sim:[a-z0-9-]+)\\?[^\"]*\"", "$1\""));
    ConfigReader.Result read = Found.configReader(List.of(wires), Set.of()).read(file);
    SiteConfig config = read.config();
    if (config == null) {
      throw new IllegalStateException("the street's configuration: " + read.problems());
    }
    return config;
  }

  public Gateway gateway() {
    return gateway;
  }

  public Street street() {
    return street;
  }

  /**
   * An event of the gateway itself, now.
   *
   * @return false if the store has no room.
   */
  public boolean event(String kind, Map<String, Object> details) {
    return gateway
        .store()
        .offer(new Event(stamper.now(), kind, Severity.NOTICE, Event.NO_DEVICE, details));
  }

  /** Readings the buses took in this run. */
  public long acquired() {
    return gateway.counters().get("readings.acquired");
  }

  /** What a worker threw that nobody else heard of. */
  public @Nullable Throwable failure() {
    return failure.get();
  }

  /**
   * Whether everything that was taken is committed, sealed and acked by every uplink, as far as the
   * store's last look at itself shows; that may be a moment old.
   */
  public boolean isDrained() {
    StoreView view = gateway.store().view();
    return gateway.counters().get("readings.journaled") >= acquired()
        && view.inbox() == 0
        && view.lanes().stream()
            .allMatch(
                lane ->
                    lane.journalRows() == 0
                        && lane.acked().values().stream()
                            .allMatch(acked -> acked == lane.next() - 1));
  }

  @Override
  public void close() throws IOException {
    gateway.stop();
    street.close();
  }
}
