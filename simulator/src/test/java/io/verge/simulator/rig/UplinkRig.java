package io.verge.simulator.rig;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.health.Counters;
import io.verge.model.Catalog;
import io.verge.model.Device;
import io.verge.model.DeviceType;
import io.verge.model.Event;
import io.verge.model.Lane;
import io.verge.model.PointType;
import io.verge.model.Quality;
import io.verge.model.Sample;
import io.verge.model.Severity;
import io.verge.model.Stamp;
import io.verge.store.SealPolicy;
import io.verge.store.ShedPolicy;
import io.verge.store.Store;
import io.verge.store.StoreFiles;
import io.verge.store.StoreSettings;
import io.verge.store.StoreWorker;
import io.verge.time.Stamper;
import io.verge.time.SystemTicker;
import io.verge.time.ThreadCrew;
import io.verge.time.Ticker;
import io.verge.time.WallClock;
import io.verge.time.Worker;
import io.verge.uplink.CommandInbox;
import io.verge.uplink.Site;
import io.verge.uplink.UplinkSettings;
import io.verge.uplink.UplinkWorker;
import io.verge.uplink.mqtt.MqttProvider;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A store with samples of some lamps, and uplinks beside each other; all threads are real. */
public final class UplinkRig implements AutoCloseable {
  private static final long UTC = 1_790_000_000_000L;
  private static final long PATIENCE_NANOS = 60_000_000_000L;
  public static final int LAMPS = 5;
  private static final List<PointType> POINTS =
      List.of(PointType.gauge("power", "W", 1), PointType.gauge("level", "%", 0));
  private static final Catalog CATALOG =
      new Catalog(
          0,
          List.of(new DeviceType("lamp", 60_000, POINTS)),
          java.util.stream.IntStream.range(0, LAMPS)
              .mapToObj(lamp -> new Device(0, "lamp-" + lamp))
              .toList());

  /** UTC that goes with the samples. */
  private static final class Clock implements WallClock {
    final AtomicLong ms = new AtomicLong(UTC);

    @Override
    public long utcMs() {
      return ms.get();
    }

    @Override
    public boolean isTrusted() {
      return true;
    }

    @Override
    public int uncertaintyMs() {
      return 0;
    }

    @Override
    public void offer(long utcMs, int uncMs) {}
  }

  private final Ticker ticker = new SystemTicker();
  private final Clock clock = new Clock();
  private final Counters counters = new Counters();
  private final BlockingQueue<byte[]> commands = new LinkedBlockingQueue<>();
  private final ThreadCrew crew =
      new ThreadCrew(
          ticker,
          (worker, failure) -> {
            throw new AssertionError(worker.name(), failure);
          });
  private final List<Worker> workers = new ArrayList<>();
  private final AtomicLong connections = new AtomicLong();
  private final Stamper stamper = new Stamper(7, ticker, clock);
  private final StoreWorker store;
  private final Catalog catalog;
  private int acquired;

  public UplinkRig(Path folder, String... uplinks) throws Exception {
    Store file = StoreFiles.open(folder.resolve("verge.db"), new Random(1)).store();
    catalog = file.useCatalog(CATALOG);
    store =
        new StoreWorker(
            file,
            new StoreSettings(
                100,
                64L << 20,
                new SealPolicy(1_000, 1_000, 1_000, SealPolicy.DEFAULT.bytesMax()),
                List.of(uplinks),
                ShedPolicy.DEFAULT),
            catalog,
            stamper,
            ticker,
            counters,
            null);
    start(store);
  }

  public int acquired() {
    return acquired;
  }

  public long utcMs() {
    return clock.utcMs();
  }

  public Counters counters() {
    return counters;
  }

  /** What the uplinks handed to the command desk. */
  public BlockingQueue<byte[]> commands() {
    return commands;
  }

  /** An event of the gateway, as the command desk leaves one. */
  public void event(String kind, Map<String, Object> details) {
    long at = clock.ms.addAndGet(1_000);
    assertThat(
            store.offer(
                new Event(new Stamp(7, 0, at, 0), kind, Severity.NOTICE, Event.NO_DEVICE, details)))
        .isTrue();
  }

  private void start(Worker worker) {
    workers.add(worker);
    crew.start(worker);
  }

  /** A gateway's uplink to a loopback broker. */
  public UplinkWorker uplink(
      String name,
      int port,
      UplinkSettings.Codec codec,
      UplinkSettings.Foreign foreignSettings,
      @Nullable Path secret) {
    boolean foreign = codec != UplinkSettings.Codec.VERGE;
    UplinkSettings settings =
        new UplinkSettings(
                name,
                "gw-1",
                URI.create("mqtt://127.0.0.1:" + port),
                null,
                null,
                null,
                null,
                secret,
                null,
                null,
                5_000,
                5_000,
                foreign)
            .withCodec(codec, null, foreignSettings);
    UplinkWorker worker =
        new UplinkWorker(
            settings,
            new MqttProvider(),
            store,
            new CommandInbox() {
              @Override
              public void command(String from, byte[] message) {
                commands.add(message);
              }
            },
            store,
            stamper,
            ticker,
            clock,
            counters,
            new Random(2),
            "test",
            "",
            store.epoch(),
            new Site() {
              @Override
              public Catalog catalog() {
                return catalog;
              }

              @Override
              public @Nullable Sample last(int device) {
                return null;
              }

              @Override
              public long nextConnection() {
                return connections.getAndIncrement();
              }
            });
    start(worker);
    return worker;
  }

  public void acquire(int polls) {
    for (int poll = 0; poll < polls; poll++) {
      long at = clock.ms.addAndGet(60_000);
      for (int lamp = 0; lamp < LAMPS; lamp++) {
        long[] values = {600 + poll, 80};
        assertThat(
                store.offer(
                    Lane.TELEMETRY,
                    new Sample(lamp, new Stamp(7, 0, at, 0), Quality.GOOD, values, null),
                    null))
            .isTrue();
        acquired += values.length;
      }
    }
  }

  /** Waits for what other threads do; a broken test ends after a minute. */
  public void until(BooleanSupplier reached, Supplier<String> otherwise) {
    long end = ticker.nanos() + PATIENCE_NANOS;
    while (!reached.getAsBoolean()) {
      assertThat(ticker.nanos()).as(otherwise.get()).isLessThan(end);
      ticker.sleepUntil(ticker.nanos() + 20_000_000L);
    }
  }

  @Override
  public void close() {
    Collections.reverse(workers);
    workers.forEach(crew::stop);
  }
}
