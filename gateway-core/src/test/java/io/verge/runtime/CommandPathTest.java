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
import io.verge.local.CommandView;
import io.verge.local.EventView;
import io.verge.local.ProblemView;
import io.verge.model.Command;
import io.verge.model.Lane;
import io.verge.model.Outcome;
import io.verge.model.PointType;
import io.verge.time.Crew;
import io.verge.time.Ticker;
import io.verge.time.WallClock;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands through the whole gateway, from the listener of an uplink to {@code verge events}. */
class CommandPathTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long NOW_MS = 1_790_000_000_000L;

  @TempDir private Path folder = Path.of("unset");

  private final Time time = new Time();
  private final Street street = new Street();

  @Test
  void aCommandIsExecutedOnceAndARepeatedIdDoesNothing() throws Exception {
    Run run = new Run("a");
    run.say(command("c1", "lamp-1", "set-level", 40L, 0));
    assertThat(street.level).isEqualTo(40);
    assertThat(run.kinds()).contains("command.done");
    street.level = 7;
    run.say(command("c1", "lamp-1", "set-level", 40L, 0));
    assertThat(street.level).isEqualTo(7);
    assertThat(run.gateway.counters().get("commands.repeated")).isEqualTo(1);
    assertThat(run.gateway.watch().commands(10))
        .extracting(CommandView::id, CommandView::state)
        .containsExactly(org.assertj.core.groups.Tuple.tuple("c1", "done"));
    run.gateway.stop();
    assertThat(run.workers).isEmpty();
    run.gateway.stop();
    Run again = new Run("a");
    again.say(command("c1", "lamp-1", "set-level", 40L, 0));
    assertThat(street.level).as("the id outlives the process").isEqualTo(7);
    again.gateway.stop();
  }

  @Test
  void eachBadCommandIsRefusedCountedAndSeen() throws Exception {
    Run run = new Run("b");
    run.say(new byte[] {0, 1, 2, 3});
    run.say(new byte[CommandCodec.BYTES_MAX + 1]);
    UplinkTransport.Listener listener = run.listener();
    listener.foreign("verge/v1/gw-8/command", 33);
    run.steps(5);
    List<EventView> refused =
        run.gateway.watch().events(100).stream()
            .filter(event -> event.kind().equals("command.refused"))
            .toList();
    assertThat(refused).hasSize(3);
    assertThat(refused.get(1).details().get("why")).contains("16385 bytes");
    assertThat(refused.get(2).details().get("why")).contains("gw-8/command");
    assertThat(run.gateway.counters().get("commands.invalid")).isEqualTo(3);
    run.say(command("x1", "lamp-1", "set-level", 40L, NOW_MS - 5_000));
    run.say(command("x2", "lamp-9", "set-level", 40L, 0));
    run.say(command("x3", "lamp-1", "dance", 40L, 0));
    assertThat(street.level).isZero();
    assertThat(run.gateway.counters().get("commands.expired")).isEqualTo(1);
    assertThat(run.gateway.counters().get("commands.rejected")).isEqualTo(2);
    assertThat(run.kinds()).contains("command.expired", "command.rejected");
    run.gateway.stop();
  }

  @Test
  void readPollsOutOfTurnAndTellsTheValues() throws Exception {
    Run run = new Run("read");
    street.level = 35;
    run.say(command("q1", "lamp-1", "read", 0L, 0));
    assertThat(run.last("command.done").get("result")).contains("level=35");
    run.say(command("q2", "lamp-9", "read", 0L, 0));
    assertThat(run.gateway.counters().get("commands.rejected")).isEqualTo(1);
    run.gateway.stop();
  }

  @Test
  void aFloodOfBadMessagesIsCountedAndToldInPart() throws Exception {
    Run run = new Run("c");
    for (int i = 0; i < 500; i++) {
      run.listener().command(new byte[] {9});
    }
    run.steps(10);
    assertThat(run.gateway.counters().get("commands.invalid")).isEqualTo(500);
    assertThat(run.kinds().stream().filter("command.refused"::equals)).hasSizeLessThan(42);
    assertThat(run.gateway.counters().get("commands.invalid_untold")).isGreaterThan(450);
    run.gateway.stop();
  }

  @Test
  void withoutATrustedClockACommandIsNotTakenForExpired() throws Exception {
    time.trusted = false;
    Run run = new Run("d");
    run.say(command("u1", "lamp-1", "set-level", 40L, 1_000));
    assertThat(street.level).isEqualTo(40);
    run.gateway.stop();
  }

  @Test
  void whatWasDoneBeforeAPowerCutIsReadBackAndReportedDone() throws Exception {
    Run after = cut("e", true);
    assertThat(after.kinds()).contains("command.done").doesNotContain("command.failed");
    assertThat(after.last("command.done").get("why")).contains("read back");
    assertThat(street.executed).isEqualTo(1);
    after.gateway.stop();
  }

  @Test
  void whatWasNotDoneBeforeAPowerCutIsReportedFailedAndNotDoneNow() throws Exception {
    Run after = cut("f", false);
    assertThat(after.kinds()).contains("command.failed").doesNotContain("command.done");
    assertThat(after.last("command.failed").get("why")).contains("has not happened");
    assertThat(street.executed).isEqualTo(1);
    after.gateway.stop();
  }

  @Test
  void anOverrideOutlivesARestartAndEnds() throws Exception {
    Run run = new Run("g", PLAN);
    run.steps(10);
    assertThat(street.level).as("the plan's").isEqualTo(80);
    run.say(override("o1", 40, 600));
    run.steps(100);
    assertThat(street.level).isEqualTo(40);
    run.gateway.stop();
    street.level = 100; // what this lamp's controller starts with
    Run again = new Run("g", PLAN);
    again.steps(10);
    assertThat(street.level).as("after the restart").isEqualTo(40);
    time.nanos += 570 * SECOND;
    again.steps(100);
    assertThat(street.level).as("before its end").isEqualTo(40);
    time.nanos += 30 * SECOND;
    again.steps(100);
    assertThat(street.level).as("after its end").isEqualTo(80);
    assertThat(again.kinds()).contains("plan.override-ended");
    again.gateway.stop();
  }

  @Test
  void releaseGivesALampBackForGood() throws Exception {
    Run run = new Run("h", PLAN);
    run.say(command("o2", "lamp-1", "set-level", 40L, 0));
    run.steps(100);
    assertThat(street.level).isEqualTo(40);
    run.say(command("o3", "lamp-1", "release", 0L, 0));
    run.steps(100);
    assertThat(street.level).isEqualTo(80);
    run.gateway.stop();
    Run again = new Run("h", PLAN);
    again.steps(10);
    assertThat(street.level).isEqualTo(80);
    again.gateway.stop();
  }

  @Test
  void withoutAPlanThereIsNothingToReturnTo() throws Exception {
    Run run = new Run("i");
    run.say(command("n1", "lamp-1", "release", 0L, 0));
    run.say(override("n2", 40, 600));
    assertThat(run.gateway.counters().get("commands.rejected")).isEqualTo(2);
    assertThat(street.level).isZero();
    run.gateway.stop();
    Run planned = new Run("j", PLAN);
    planned.say(override("n3", 40, 0));
    planned.say(override("n4", 40, 8 * 86_400));
    assertThat(planned.gateway.counters().get("commands.rejected")).isEqualTo(2);
    planned.gateway.stop();
  }

  @Test
  void whatABackEndLostIsSentAgainByteForByte() throws Exception {
    Run run = new Run("r");
    run.listener().up();
    run.steps(2);
    for (Lane lane : Lane.values()) {
      run.ack(lane, 0);
    }
    run.listener().refused("a first event");
    run.steps(10);
    run.listener().refused("a second event");
    run.steps(10);
    List<byte[]> first = run.link.batches();
    assertThat(first).hasSizeGreaterThanOrEqualTo(2);
    run.ack(Lane.EVENT, 2);

    run.say(resend("r1", Map.of("lane", 0L, "first", 1L, "last", 2L)));
    run.steps(20);
    List<byte[]> again = run.link.batches().subList(first.size(), first.size() + 2);
    assertThat(again).containsExactly(first.get(0), first.get(1));
    Map<String, String> done = run.last("command.done");
    assertThat(done.get("result")).contains("batches=2");
    assertThat(run.gateway.uplinks().get(0).view().acked()[Lane.EVENT.number()])
        .as("cursors stay")
        .isEqualTo(2);

    run.say(resend("r2", Map.of("lane", 0L, "first", 900L, "last", 901L)));
    run.steps(10);
    assertThat(run.last("command.failed").get("why")).contains("on disk");
    run.say(resend("r3", Map.of("lane", 3L, "first", 1L, "last", 2L)));
    run.say(resend("r4", Map.of("lane", 1L, "first", 2L, "last", 1L)));
    run.say(resend("r5", Map.of("lane", 1L, "first", 1L, "last", 1L, "uplink", "elsewhere")));
    run.say(command("r6", "gateway", "dance", 1, 0));
    assertThat(run.gateway.counters().get("commands.rejected")).isEqualTo(4);
    run.gateway.stop();
  }

  @Test
  void aDamagedStoreIsNamedUntilSomebodyTakesItAway() throws Exception {
    Path data = Files.createDirectory(folder.resolve("s"));
    Files.writeString(data.resolve("verge.db"), "this was never a store ".repeat(100_000));
    Run run = new Run("s");
    run.steps(20);
    assertThat(run.kinds()).contains("store.quarantined", "store.salvaged");
    Troubles troubles = new Troubles(run.gateway);
    assertThat(troubles.of(List.of(), List.of(), run.gateway.stamper().now()))
        .extracting(ProblemView::what)
        .contains("a damaged store was put aside: verge.db.damaged-1, 2 MiB");
    Files.delete(data.resolve("verge.db.damaged-1"));
    assertThat(troubles.of(List.of(), List.of(), run.gateway.stamper().now()))
        .extracting(ProblemView::what)
        .noneMatch(what -> what.contains("damaged"));
    run.gateway.stop();
  }

  private static byte[] resend(String id, Map<String, Object> args) {
    return CommandCodec.encode(new Command(id, "gateway", "resend", args, 0, 0, "test"));
  }

  private static final String PLAN =
      """
      [[plan]]
      name = "street"
      lamps = ["lamp-*"]
      on = "12:00"
      off = "12:00"
      level = "80%"
      """;

  private static byte[] override(String id, long level, long seconds) {
    return CommandCodec.encode(
        new Command(
            id, "lamp-1", "set-level", Map.of("level", level, "for", seconds), 0, 0, "test"));
  }

  /** Power goes after the lamp was told, before the outcome was committed. */
  private Run cut(String name, boolean obeys) throws Exception {
    street.obeys = obeys;
    Run before = new Run(name);
    Path image = Files.createDirectory(folder.resolve(name + "-image"));
    street.onExecute =
        () -> {
          for (String file : List.of("verge.db", "verge.db-wal", "verge.db-commits")) {
            Files.copy(folder.resolve(name).resolve(file), image.resolve(file));
          }
        };
    before.say(command("p1", "lamp-1", "set-level", 40L, 0));
    assertThat(street.executed).isEqualTo(1);
    before.gateway.stop();
    Run after = new Run(name + "-image");
    after.steps(10);
    return after;
  }

  private static byte[] command(String id, String target, String op, long level, long expires) {
    return CommandCodec.encode(
        new Command(id, target, op, Map.of("level", level), 0, expires, "test"));
  }

  /** One start of the gateway. */
  private final class Run implements Crew {
    final List<Worker> workers = new ArrayList<>();
    final Gateway gateway;
    private final Link link = new Link();

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

  private interface Copying {
    void run() throws java.io.IOException;
  }

  private static final class Street {
    long level;
    int executed;
    boolean obeys = true;
    @Nullable Copying onExecute;
  }

  private final class Lamp implements SerialDriver {
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

  private final class Toys implements DriverFactory {
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

  private static final class Wires implements TransportProvider {
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

  private static final class Link implements UplinkTransportProvider {
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

  private static final class Time implements Ticker, WallClock {
    long nanos = SECOND;
    boolean trusted = true;

    @Override
    public long nanos() {
      return nanos;
    }

    @Override
    public void sleepUntil(long deadlineNanos) {
      nanos = Math.max(nanos, deadlineNanos);
    }

    @Override
    public long utcMs() {
      return NOW_MS + nanos / 1_000_000;
    }

    @Override
    public boolean isTrusted() {
      return trusted;
    }

    @Override
    public int uncertaintyMs() {
      return 1;
    }

    @Override
    public void offer(long utcMs, int uncMs) {}
  }
}
