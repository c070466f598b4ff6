package io.verge.simulator.fleet;

import io.verge.health.Counters;
import io.verge.model.Event;
import io.verge.model.Lane;
import io.verge.model.Sample;
import io.verge.poll.SampleSink;
import io.verge.simulator.world.RecordedStreet;
import io.verge.time.Stamper;
import io.verge.time.Ticker;
import io.verge.time.WallClock;
import io.verge.uplink.Site;
import io.verge.uplink.UplinkSettings;
import io.verge.uplink.UplinkWorker;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Gateways that tell one recorded street over real sessions. Each has its epoch, its numbers and
 * its place in the recording, and seals in its own rhythm; what is not acked stays in memory.
 */
public final class Fleet implements AutoCloseable {
  private static final String UPLINK = "city";

  /**
   * What a fleet is.
   *
   * @param gateways how many.
   * @param first number of the first: several processes take one after the other.
   * @param servers in the order in which a gateway tries them; the others are {@code also}. They
   *     are turned by the gateway's number, so that each has its share.
   * @param everyMs how often each seals a batch.
   * @param rampMs over how long they connect.
   * @param password of every gateway, whose user is its id; empty: none.
   */
  public record Settings(
      int gateways,
      int first,
      List<URI> servers,
      long everyMs,
      long rampMs,
      long ackTimeoutMs,
      String password,
      long seed) {
    public Settings {
      servers = List.copyOf(servers);
    }
  }

  /**
   * What the fleet does now.
   *
   * @param connected sessions in which batches go.
   * @param unacked batches.
   * @param p50Ms wait for the ack since the last look; NaN: none came.
   */
  public record Now(
      int connected,
      long sealed,
      long acked,
      long unacked,
      long skipped,
      long readings,
      long payloadBytes,
      long sentBytes,
      long receivedBytes,
      double p50Ms,
      double p99Ms) {}

  private final Settings settings;
  private final FleetFigures figures = new FleetFigures();
  private final FleetProvider provider;
  private final FleetCrew crew;
  private final Ticker ticker;
  private final List<UplinkWorker> workers = new ArrayList<>();
  private final List<FleetStore> stores = new ArrayList<>();
  private final List<Long> nextSeal = new ArrayList<>();
  private final long beginNanos;

  /**
   * @throws IOException if no selector can be had.
   */
  public Fleet(Settings settings, RecordedStreet street, Ticker ticker) throws IOException {
    this.settings = settings;
    this.ticker = ticker;
    this.provider = new FleetProvider(figures, settings.password());
    this.crew = new FleetCrew(Math.max(1, Runtime.getRuntime().availableProcessors() - 1));
    FleetStreet shared = new FleetStreet(street.catalog(), street.samples());
    Random random = new Random(settings.seed());
    this.beginNanos = ticker.nanos();
    Clock clock = new Clock();
    for (int g = 0; g < settings.gateways(); g++) {
      long epoch = random.nextLong() >>> 1 | 1;
      long boot = random.nextInt() & 0xFFFF_FFFFL;
      FleetStore store = new FleetStore(shared, figures, epoch, boot, random.nextInt(3_600_000));
      stores.add(store);
      nextSeal.add(beginNanos + (long) (random.nextDouble() * settings.everyMs() * 1e6));
      workers.add(worker(g, store, boot, clock, new Random(random.nextLong())));
    }
  }

  private UplinkWorker worker(int g, FleetStore store, long boot, Clock clock, Random random) {
    Counters counters = new Counters();
    return new UplinkWorker(
        uplink(g),
        provider,
        store,
        (name, message) -> counters.increment("commands"),
        new NoEvents(),
        new Stamper(boot, ticker, clock),
        ticker,
        clock,
        counters,
        random,
        "fleet",
        "",
        store.epoch(),
        Site.NONE);
  }

  private UplinkSettings uplink(int g) {
    int turn = g % settings.servers().size();
    List<URI> servers =
        new ArrayList<>(settings.servers().subList(turn, settings.servers().size()));
    servers.addAll(settings.servers().subList(0, turn));
    return new UplinkSettings(
            UPLINK,
            String.format(Locale.ROOT, "gw-%05d", settings.first() + g),
            servers.get(0),
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            settings.ackTimeoutMs(),
            60_000,
            false)
        .withAlso(servers.subList(1, servers.size()));
  }

  /**
   * Connects what is due to connect, and seals what is due to be sealed until then.
   *
   * @param sealing false: the rest is only sent.
   */
  public void runUntil(long untilNanos, boolean sealing) {
    long now = ticker.nanos();
    while (now < untilNanos) {
      start(now);
      if (sealing) {
        seal(now);
      }
      ticker.sleepUntil(Math.min(untilNanos, now + 20_000_000));
      now = ticker.nanos();
    }
  }

  private int started;

  private void start(long nowNanos) {
    double share =
        settings.rampMs() == 0 ? 1 : Math.min(1, (nowNanos - beginNanos) / 1e6 / settings.rampMs());
    while (started < Math.ceil(share * workers.size()) && started < workers.size()) {
      crew.start(workers.get(started++));
    }
  }

  private void seal(long nowNanos) {
    long every = settings.everyMs() * 1_000_000;
    for (int g = 0; g < started; g++) {
      if (nowNanos >= nextSeal.get(g)) {
        stores.get(g).seal(System.currentTimeMillis(), settings.everyMs());
        nextSeal.set(g, Math.max(nextSeal.get(g) + every, nowNanos));
      }
    }
  }

  /** Figures since the beginning; waits since the last look. */
  public Now look() {
    Now now =
        new Now(
            (int) workers.stream().filter(w -> w.view().state().equals("sending")).count(),
            figures.sealed.get(),
            figures.acked.get(),
            stores.stream().mapToLong(FleetStore::unacked).sum(),
            figures.skipped.get(),
            figures.readingsAcked.get(),
            figures.payload.get(),
            figures.sent.get(),
            figures.received.get(),
            figures.waitMs(0.5),
            figures.waitMs(0.99));
    figures.forgetWaits();
    return now;
  }

  /** What keeps a gateway from sending, of the first that does not; or null. */
  public @Nullable String trouble() {
    return workers.stream()
        .map(UplinkWorker::view)
        .filter(view -> !view.state().equals("sending") && !view.why().isEmpty())
        .map(io.verge.uplink.UplinkView::why)
        .findFirst()
        .orElse(null);
  }

  @Override
  public void close() throws InterruptedException {
    crew.close();
    provider.close();
  }

  /** The machine's clock, believed. */
  private static final class Clock implements WallClock {
    @Override
    public long utcMs() {
      return System.currentTimeMillis();
    }

    @Override
    public boolean isTrusted() {
      return true;
    }

    @Override
    public int uncertaintyMs() {
      return 50;
    }

    @Override
    public void offer(long utcMs, int uncMs) {}
  }

  /** The fleet tells telemetry only. */
  private static final class NoEvents implements SampleSink {
    @Override
    public boolean offer(Lane lane, Sample sample, long @Nullable [] keep) {
      return true;
    }

    @Override
    public boolean offer(Event event) {
      return true;
    }

    @Override
    public boolean offer(Event event, String owner, long[] keep) {
      return true;
    }
  }
}
