package io.verge.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.config.ConfigReader;
import io.verge.config.SiteConfig;
import io.verge.driver.BusSession;
import io.verge.driver.Driver;
import io.verge.driver.DriverFactory;
import io.verge.driver.Order;
import io.verge.driver.Readout;
import io.verge.driver.SerialDriver;
import io.verge.driver.Settings;
import io.verge.local.EventView;
import io.verge.model.Command;
import io.verge.model.Lane;
import io.verge.model.Outcome;
import io.verge.model.PointType;
import io.verge.time.Crew;
import io.verge.time.FakeTime;
import io.verge.time.Ticker;
import io.verge.time.Worker;
import io.verge.transport.ByteTransport;
import io.verge.transport.GpioChip;
import io.verge.transport.PortUri;
import io.verge.transport.TransportException;
import io.verge.transport.TransportProvider;
import io.verge.uplink.UplinkSettings;
import io.verge.uplink.UplinkTransport;
import io.verge.uplink.UplinkTransportProvider;
import io.verge.wire.Ack;
import io.verge.wire.AckCodec;
import io.verge.wire.CommandCodec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;

/** A whole gateway with one lamp and one uplink, which are the test; stepped by hand. */
abstract class GatewayFixture {
  static final long SECOND = 1_000_000_000L;
  static final long NOW_MS = 1_790_000_000_000L;
  @TempDir Path folder = Path.of("unset");
  final FakeTime time = new FakeTime(SECOND, NOW_MS, 1);
  final Street street = new Street();

  static final String PLAN =
      """
      [[plan]]
      name = "street"
      lamps = ["lamp-*"]
      on = "12:00"
      off = "12:00"
      level = "80%"
      """;

  static byte[] override(String id, long level, long seconds) {
    return CommandCodec.encode(
        new Command(
            id, "lamp-1", "set-level", Map.of("level", level, "for", seconds), 0, 0, "test"));
  }

  static byte[] command(String id, String target, String op, long level, long expires) {
    return CommandCodec.encode(
        new Command(id, target, op, Map.of("level", level), 0, expires, "test"));
  }

  /** One start of the gateway. */
  final class Run implements Crew {
    final List<Worker> workers = new ArrayList<>();
    final Gateway gateway;
    final Link link = new Link();

    Run(String data) throws Exception {
      this(data, "");
    }

    Run(String data, String more) throws Exception {
      Path file = folder.resolve("gateway.toml");
      Files.writeString(
          file,
          """
          [site]
          gateway = "gw-7"
          [[uplink]]
          name = "city"
          url = "toy://city"
          [[bus]]
          name = "lamps"
          port = "toy:wire"
          [[bus.device]]
          asset = "lamp-1"
          driver = "toy"
          every = "60s"
          """
              + more);
      ConfigReader.Result read =
          new ConfigReader(List.of(new Toys()), List.of(new Wires()), Set.of("toy")).read(file);
      SiteConfig config = read.config();
      assertThat(read.problems()).isEmpty();
      gateway =
          Gateway.start(
              java.util.Objects.requireNonNull(config),
              folder.resolve(data),
              new Platform(
                  time, time, 1, this, List.of(new Wires()), List.of(link), new Random(1), "test"));
      steps(3);
    }

    void ack(Lane lane, long bseq) throws Exception {
      listener().ack(AckCodec.encode(new Ack(gateway.store().epoch(), lane, bseq, 0, false)));
      steps(2);
    }

    void say(byte[] message) throws Exception {
      listener().command(message);
      steps(5);
    }

    UplinkTransport.Listener listener() {
      return link.listenerNow();
    }

    void steps(int rounds) throws Exception {
      for (int i = 0; i < rounds; i++) {
        for (Worker worker : List.copyOf(workers)) {
          worker.step(time.nanos());
        }
        time.nanos += SECOND / 10;
      }
    }

    List<String> kinds() {
      return gateway.watch().events(1000).stream().map(EventView::kind).toList();
    }

    Map<String, String> last(String kind) {
      return gateway.watch().events(1000).stream()
          .filter(event -> event.kind().equals(kind))
          .reduce((first, second) -> second)
          .orElseThrow()
          .details();
    }

    @Override
    public void start(Worker worker) {
      workers.add(worker);
    }

    @Override
    public void stop(Worker worker) {
      if (workers.remove(worker)) {
        try {
          worker.close();
        } catch (Exception e) {
          throw new IllegalStateException(e);
        }
      }
    }
  }

  interface Copying {
    void run() throws java.io.IOException;
  }

  static final class Street {
    long level;
    int executed;
    boolean obeys = true;
    @Nullable Copying onExecute;
  }

  final class Lamp implements SerialDriver {
    @Override
    public List<PointType> points() {
      return List.of(PointType.gauge("level", "%", 0));
    }

    @Override
    public List<String> operations() {
      return List.of("set-level");
    }

    @Override
    public Readout poll(BusSession bus) {
      return Readout.good(street.level);
    }

    @Override
    public Outcome execute(BusSession bus, Order order) {
      street.executed++;
      if (street.obeys) {
        street.level = (Long) order.args().getOrDefault("level", 0L);
      }
      if (street.onExecute != null) {
        try {
          street.onExecute.run();
        } catch (java.io.IOException e) {
          throw new java.io.UncheckedIOException(e);
        }
      }
      return Outcome.done(Map.of());
    }
  }

  final class Toys implements DriverFactory {
    @Override
    public String family() {
      return "toy";
    }

    @Override
    public boolean needsLines() {
      return false;
    }

    @Override
    public boolean needsProfile() {
      return false;
    }

    @Override
    public String typeName(Settings device, @Nullable Settings profile) {
      return "lamp";
    }

    @Override
    public Lane lane(Settings device, @Nullable Settings profile) {
      return Lane.TELEMETRY;
    }

    @Override
    public Driver create(Settings device, @Nullable Settings profile, long @Nullable [] keep) {
      return new Lamp();
    }

    @Override
    public String place(Settings device) {
      return "";
    }
  }

  static final class Wires implements TransportProvider {
    @Override
    public String scheme() {
      return "toy";
    }

    @Override
    public boolean hasLines() {
      return false;
    }

    @Override
    public List<String> check(PortUri uri) {
      return List.of();
    }

    @Override
    public ByteTransport open(PortUri uri, Ticker ticker) {
      return new ByteTransport() {
        @Override
        public void write(byte[] source, long deadlineNanos) {}

        @Override
        public int read(byte[] target, int offset, long deadlineNanos) {
          return 0;
        }

        @Override
        public void discardInput() {}

        @Override
        public long characterNanos() {
          return 0;
        }

        @Override
        public void close() {}
      };
    }

    @Override
    public GpioChip openLines(PortUri uri, Ticker ticker) throws TransportException {
      throw new TransportException("no lines", false);
    }
  }

  static final class Link implements UplinkTransportProvider {
    record Sent(UplinkTransport.Kind kind, byte[] message) {}

    final List<Sent> sent = new ArrayList<>();
    UplinkTransport.@Nullable Listener listener;

    List<byte[]> batches() {
      return sent.stream()
          .filter(one -> one.kind() == UplinkTransport.Kind.BATCH)
          .map(Sent::message)
          .toList();
    }

    UplinkTransport.Listener listenerNow() {
      return java.util.Objects.requireNonNull(listener);
    }

    @Override
    public List<String> schemes() {
      return List.of("toy");
    }

    @Override
    public void close() {}

    @Override
    public int defaultPort(java.net.URI uri) {
      return 1;
    }

    @Override
    public UplinkTransport create(UplinkSettings settings, byte[] lastWill) {
      return new UplinkTransport() {
        @Override
        public void open(Listener hears) {
          listener = hears;
        }

        @Override
        public void send(Kind kind, long token, byte[] message) {
          sent.add(new Sent(kind, message));
          listenerNow().taken(token);
        }

        @Override
        public long[] byteCounts() {
          return new long[2];
        }

        @Override
        public void close() {}
      };
    }
  }
}
