package io.verge.simulator.sparkplug;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.health.Counters;
import io.verge.model.Catalog;
import io.verge.model.Device;
import io.verge.model.DeviceType;
import io.verge.model.Lane;
import io.verge.model.PointType;
import io.verge.model.Quality;
import io.verge.model.Sample;
import io.verge.model.Stamp;
import io.verge.simulator.backend.Ledger;
import io.verge.simulator.backend.MqttFront;
import io.verge.simulator.backend.Receiver;
import io.verge.simulator.broker.Broker;
import io.verge.simulator.broker.BrokerSettings;
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
import io.verge.uplink.CommandInbox;
import io.verge.uplink.Site;
import io.verge.uplink.UplinkSettings;
import io.verge.uplink.UplinkWorker;
import io.verge.uplink.mqtt.MqttProvider;
import io.verge.wire.CommandCodec;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One store, two back ends: the city's own protocol, and Sparkplug to an independent host. */
class TwoUplinksTest {
  private static final long UTC = 1_790_000_000_000L;
  private static final long PATIENCE_NANOS = 60_000_000_000L;
  private static final int LAMPS = 5;
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

  @TempDir private Path folder;
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
  private @Nullable Ledger ledger;
  private @Nullable Broker city;
  private @Nullable Broker other;
  private @Nullable StoreWorker store;
  private @Nullable Catalog catalog;
  private final List<io.verge.time.Worker> workers = new java.util.ArrayList<>();
  private final AtomicLong connections = new AtomicLong();
  private int acquired;

  @BeforeEach
  void open() throws Exception {
    ledger = Ledger.open(folder.resolve("city.db"), Ledger.Durability.NORMAL);
    city = new Broker(BrokerSettings.plain(0)).start();
    other = new Broker(BrokerSettings.plain(0)).start();
    MqttFront.on(city, new Receiver(ledger, clock::utcMs));
    Store file = StoreFiles.open(folder.resolve("verge.db"), new Random(1)).store();
    catalog = file.useCatalog(CATALOG);
    Stamper stamper = new Stamper(7, ticker, clock);
    store =
        new StoreWorker(
            file,
            new StoreSettings(
                100,
                64L << 20,
                new SealPolicy(1_000, 1_000, 1_000, SealPolicy.DEFAULT.bytesMax()),
                List.of("city", "operator"),
                ShedPolicy.DEFAULT),
            catalog,
            stamper,
            ticker,
            counters,
            null);
    start(store);
    uplink(stamper, "city", city.port(), UplinkSettings.Codec.VERGE);
    uplink(stamper, "operator", other.port(), UplinkSettings.Codec.SPARKPLUG_B);
  }

  private void start(io.verge.time.Worker worker) {
    workers.add(worker);
    crew.start(worker);
  }

  private void uplink(Stamper stamper, String name, int port, UplinkSettings.Codec codec) {
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
            null,
            null,
            null,
            5_000,
            5_000,
            foreign,
            codec,
            null,
            new UplinkSettings.Foreign(List.of(), "street", "gw-1", "scada", "", ""));
    start(
        new UplinkWorker(
            settings,
            new MqttProvider(),
            store(),
            new CommandInbox() {
              @Override
              public void command(String from, byte[] message) {
                commands.add(message);
              }
            },
            store(),
            stamper,
            ticker,
            clock,
            counters,
            new Random(2),
            "test",
            "",
            store().epoch(),
            new Site() {
              @Override
              public Catalog catalog() {
                return java.util.Objects.requireNonNull(catalog);
              }

              @Override
              public @Nullable Sample last(int device) {
                return null;
              }

              @Override
              public long nextConnection() {
                return connections.getAndIncrement();
              }
            }));
  }

  private StoreWorker store() {
    return java.util.Objects.requireNonNull(store);
  }

  @AfterEach
  void close() throws Exception {
    java.util.Collections.reverse(workers);
    workers.forEach(crew::stop);
    java.util.Objects.requireNonNull(city).close();
    java.util.Objects.requireNonNull(other).close();
    java.util.Objects.requireNonNull(ledger).close();
  }

  private void acquire(int polls) {
    for (int poll = 0; poll < polls; poll++) {
      long at = clock.ms.addAndGet(60_000);
      for (int lamp = 0; lamp < LAMPS; lamp++) {
        long[] values = {600 + poll, 80};
        assertThat(
                store()
                    .offer(
                        Lane.TELEMETRY,
                        new Sample(lamp, new Stamp(7, 0, at, 0), Quality.GOOD, values, null),
                        null))
            .isTrue();
        acquired += values.length;
      }
    }
  }

  /** Waits for what other threads do; a broken test ends after a minute. */
  private void until(BooleanSupplier reached, java.util.function.Supplier<String> else_) {
    long end = ticker.nanos() + PATIENCE_NANOS;
    while (!reached.getAsBoolean()) {
      assertThat(ticker.nanos()).as(else_.get()).isLessThan(end);
      ticker.sleepUntil(ticker.nanos() + 20_000_000L);
    }
  }

  private long stored() {
    try {
      return java.util.Objects.requireNonNull(ledger).report().totalReadings();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private long delivered(String uplink) {
    return counters.get("readings.delivered." + uplink);
  }

  @Test
  void bothReconcileAndADeadOneDoesNotHoldTheOther() throws Exception {
    acquire(10);
    until(() -> stored() == acquired, () -> "city has " + stored());
    assertThat(delivered("operator")).as("without its primary host it keeps all back").isZero();
    try (SparkplugHost host =
        new SparkplugHost(
            "127.0.0.1", java.util.Objects.requireNonNull(other).port(), "street", "scada")) {
      until(() -> host.report().readings() == acquired, () -> host.report().toString());
      assertThat(host.report().historical()).as("older than the birth").isEqualTo(acquired);
      acquire(10);
      until(() -> stored() == acquired, () -> "city has " + stored());
      until(() -> host.report().readings() == acquired, () -> host.report().toString());
      until(() -> delivered("operator") == acquired, () -> "acked " + delivered("operator"));
      assertThat(host.report().devices()).isEqualTo(LAMPS);
      assertThat(host.report().breaks()).isZero();
      assertThat(host.report().strange()).isZero();
      assertThat(host.value("lamp-3", "power")).isEqualTo("60.9");
      java.util.Objects.requireNonNull(city).close();
      acquire(10);
      until(() -> host.report().readings() == acquired, () -> host.report().toString());
      assertThat(stored()).isLessThan(acquired);
    }
  }

  @Test
  void aHostCommandsAndAsksForBirths() throws Exception {
    acquire(1);
    try (SparkplugHost host =
        new SparkplugHost(
            "127.0.0.1", java.util.Objects.requireNonNull(other).port(), "street", "scada")) {
      until(() -> host.report().readings() == acquired, () -> host.report().toString());
      host.write("gw-1", "lamp-2", "level", 30);
      byte[] message = commands.poll(60, TimeUnit.SECONDS);
      var command = CommandCodec.decode(java.util.Objects.requireNonNull(message), "t").orThrow();
      assertThat(command.target()).isEqualTo("lamp-2");
      assertThat(command.op()).isEqualTo("set-level");
      assertThat(command.args()).containsEntry("level", 30L);
      host.askRebirth("gw-1");
      until(() -> host.report().births() == 2, () -> host.report().toString());
      acquire(1);
      until(() -> host.report().readings() == acquired, () -> host.report().toString());
      assertThat(host.report().breaks()).isZero();
      host.say(false);
      until(() -> host.report().deaths() >= 1, () -> host.report().toString());
      acquire(1);
      host.say(true);
      until(() -> host.report().readings() == acquired, () -> host.report().toString());
    }
  }
}
