package io.verge.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.model.Command;
import io.verge.model.Outcome;
import io.verge.time.Crew;
import io.verge.time.Stamper;
import io.verge.time.Ticker;
import io.verge.time.TrustedClock;
import io.verge.time.Worker;
import io.verge.update.BundleMaker;
import io.verge.update.Health;
import io.verge.update.Host;
import io.verge.update.Keys;
import io.verge.update.Updater;
import io.verge.update.Version;
import io.verge.uplink.Line;
import io.verge.uplink.UplinkSettings;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UpdateOrdersTest {
  private static final int STEPS_MAX = 10_000;

  @TempDir private Path folder = Path.of("unset");
  private final List<Outcome> outcomes = new ArrayList<>();
  private final Time time = new Time();
  private final Steps steps = new Steps();
  private final Paid line = new Paid();
  private Path root = Path.of("unset");
  private byte[] bundle = new byte[0];
  private RangeServer server = new RangeServer(new byte[0]);
  private UpdateOrders orders = fresh();

  UpdateOrdersTest() throws Exception {}

  /** A gateway of version 0.1.0 that trusts a maker, whose server has 0.2.0. */
  @BeforeEach
  void bundleOnAServer() throws Exception {
    KeyPair maker = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    root = folder.resolve("versions");
    Files.createDirectories(folder.resolve("keys"));
    Files.writeString(
        folder.resolve("keys/maker.pem"),
        "-----BEGIN PUBLIC KEY-----\n"
            + Base64.getEncoder().encodeToString(maker.getPublic().getEncoded())
            + "\n-----END PUBLIC KEY-----\n");
    Path application = Files.createDirectories(folder.resolve("app/lib")).resolveSibling("");
    byte[] noise = new byte[400_000];
    new Random(5).nextBytes(noise);
    Files.write(application.resolve("lib/gateway.jar"), noise);
    Files.writeString(application.resolve("java.args"), "-cp @APP@/lib/gateway.jar\n");
    Path file = folder.resolve("made.vup");
    BundleMaker.make(
        application, new Version("0.2.0"), "amd64", 17, maker.getPrivate(), null, file);
    bundle = Files.readAllBytes(file);
    server.close();
    server = new RangeServer(bundle);
    orders = fresh();
  }

  @AfterEach
  void end() throws Exception {
    server.close();
  }

  private UpdateOrders fresh() {
    return new UpdateOrders(
        new UpdateFiles(folder.resolve("update"), new WholeFiles()),
        () -> List.of(line),
        Map.of("uplink:city", "city"),
        to -> Map.of(),
        this::updater,
        new Stamper(1, time, new TrustedClock(false, time)),
        time,
        steps);
  }

  private Updater updater() throws java.io.IOException, io.verge.update.UpdateException {
    return new Updater(
        root,
        List.of(),
        new Version("0.1.0"),
        Keys.trusted(folder.resolve("keys")),
        new Machine(),
        time,
        new Updater.Patience(Duration.ofSeconds(1), Duration.ZERO));
  }

  private Command command(Map<String, Object> more) throws Exception {
    Map<String, Object> args = new HashMap<>();
    args.put("url", server.url());
    args.put("size", (long) bundle.length);
    args.put(
        "sha256", HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bundle)));
    args.putAll(more);
    return new Command("c-1", Command.GATEWAY, "update", args, 0, 0, "uplink:city");
  }

  private void order() throws Exception {
    assertThat(orders.execute(command(Map.of()), outcomes::add)).isTrue();
  }

  private Path incoming() {
    return folder.resolve("update/incoming.vup");
  }

  private String why() {
    assertThat(outcomes).hasSize(1);
    return outcomes.get(0).state() + " " + outcomes.get(0).why();
  }

  @Test
  void brokenLineGoesOnWhereItWasAndEveryByteIsPaidOnce() throws Exception {
    server.breaksAfter = 100_000;
    order();
    steps.until(() -> Files.exists(incoming()));
    assertThat(incoming()).hasBinaryContent(bundle);
    assertThat(server.asked).hasSize(5).startsWith("", "bytes=100000-", "bytes=200000-");
    assertThat(line.received).isBetween((long) bundle.length, bundle.length + 2_000L);
    assertThat(outcomes).isEmpty();
  }

  @Test
  void outcomeComesWhenTheVersionHasProvedItself() throws Exception {
    order();
    steps.until(() -> Files.exists(incoming()));
    updater().apply(incoming());
    Files.delete(incoming());
    steps.until(() -> !outcomes.isEmpty());
    assertThat(outcomes).containsExactly(Outcome.done(Map.of("version", "0.2.0")));
    assertThat(folder.resolve("update")).isEmptyDirectory();
  }

  @Test
  void powerCutWhileFetchingCostsNothingTwice() throws Exception {
    server.breaksAfter = 150_000;
    order();
    steps.until(() -> server.asked.size() == 2);
    steps.forget();
    orders = fresh();
    server.breaksAfter = Integer.MAX_VALUE;
    assertThat(orders.resume(command(Map.of()), outcomes::add)).isTrue();
    steps.until(() -> Files.exists(incoming()));
    assertThat(incoming()).hasBinaryContent(bundle);
    assertThat(server.asked.get(2)).matches("bytes=[1-9][0-9]{4,}-");
  }

  @Test
  void newVersionThatStartsWithTheOrderOpenTellsTheOutcome() throws Exception {
    order();
    steps.until(() -> Files.exists(incoming()));
    steps.forget();
    orders = fresh();
    assertThat(orders.resume(command(Map.of()), outcomes::add)).isTrue();
    steps.run(5);
    assertThat(outcomes).isEmpty();
    updater().apply(incoming());
    Files.delete(incoming());
    steps.until(() -> !outcomes.isEmpty());
    assertThat(outcomes.get(0).state()).isEqualTo(Outcome.State.DONE);
  }

  @Test
  void takenAwayWithoutATrialIsARefusal() throws Exception {
    order();
    steps.until(() -> Files.exists(incoming()));
    Files.delete(incoming());
    steps.until(() -> !outcomes.isEmpty());
    assertThat(why()).startsWith("FAILED it was refused");
  }

  @Test
  void serverWithoutRangesIsAskedForAllOfIt() throws Exception {
    server.knowsRanges = false;
    server.breaksAfter = 100_000;
    order();
    steps.until(() -> server.asked.size() == 3);
    server.breaksAfter = Integer.MAX_VALUE;
    steps.until(() -> Files.exists(incoming()));
    assertThat(incoming()).hasBinaryContent(bundle);
  }

  @Test
  void otherContentIsFetchedAnewOnceAndThenGivenUp() throws Exception {
    byte[] other = bundle.clone();
    other[bundle.length / 2] ^= 1;
    server.file = other;
    order();
    steps.until(() -> !outcomes.isEmpty());
    assertThat(why()).contains("FAILED", "ordered sum");
    assertThat(server.asked).hasSize(2);
    assertThat(incoming()).doesNotExist();
  }

  @Test
  void answersOfNoUseEndTheOrderAndOthersDoNot() throws Exception {
    server.instead = "HTTP/1.1 503 Busy\r\n\r\n";
    order();
    steps.run(50);
    assertThat(outcomes).isEmpty();
    server.instead = "HTTP/1.1 404 Not Found\r\n\r\n";
    steps.until(() -> !outcomes.isEmpty());
    assertThat(why()).contains("FAILED", "404");
  }

  @Test
  void fileOfAnotherSizeIsNotFetched() throws Exception {
    server.file = new byte[bundle.length + 1];
    order();
    steps.until(() -> !outcomes.isEmpty());
    assertThat(why()).contains("ordered were " + bundle.length);
    assertThat(line.received).isLessThan(100_000);
  }

  @Test
  void strangersBundleIsRejectedBeforeAnybodyAppliesIt() throws Exception {
    Files.delete(folder.resolve("keys/maker.pem"));
    order();
    steps.until(() -> !outcomes.isEmpty());
    assertThat(why()).startsWith("REJECTED");
    assertThat(incoming()).doesNotExist();
  }

  @Test
  void monthsPlanHoldsUnlessToldOtherwise() throws Exception {
    line.budget = bundle.length + 1000L;
    line.used = 2000;
    orders.execute(command(Map.of()), outcomes::add);
    assertThat(why()).contains("REJECTED", "data plan");
    orders.execute(command(Map.of("over_budget", true)), outcomes::add);
    steps.until(() -> Files.exists(incoming()));
  }

  @Test
  void badArgumentsAndStrangeUplinksAreRejected() throws Exception {
    for (Map<String, Object> bad :
        List.<Map<String, Object>>of(
            Map.of("url", "file:///etc/passwd"),
            Map.of("url", "https://user:secret@host/x"),
            Map.of("url", "https://ho st/"),
            Map.of("sha256", "12"),
            Map.of("size", 0L),
            Map.of("size", 1L << 40))) {
      outcomes.clear();
      orders.execute(command(bad), outcomes::add);
      assertThat(why()).startsWith("REJECTED");
    }
    outcomes.clear();
    Command command = command(Map.of());
    orders.execute(
        new Command("c-2", "gateway", "update", command.args(), 0, 0, "uplink:other"),
        outcomes::add);
    assertThat(why()).contains("may not update");
    assertThat(server.asked).isEmpty();
  }

  @Test
  void secondOrderWaitsForTheFirst() throws Exception {
    order();
    orders.execute(
        new Command("c-2", "gateway", "update", command(Map.of()).args(), 0, 0, "uplink:city"),
        outcomes::add);
    assertThat(why()).contains("REJECTED", "c-1");
  }

  /** Steps one worker by hand. */
  private final class Steps implements Crew {
    private @Nullable Worker worker;

    @Override
    public void start(Worker started) {
      worker = started;
    }

    @Override
    public void stop(Worker stopped) {
      worker = null;
    }

    void forget() {
      worker = null;
    }

    void run(int times) throws Exception {
      for (int i = 0; i < times && worker != null; i++) {
        time.nanos = Math.max(time.nanos + 1, Math.min(worker.step(time.nanos), time.nanos + HOUR));
      }
    }

    private static final long HOUR = 3_600_000_000_000L;

    void until(java.util.function.BooleanSupplier reached) throws Exception {
      for (int i = 0; i < STEPS_MAX && !reached.getAsBoolean(); i++) {
        run(1);
      }
      assertThat(reached.getAsBoolean()).as("reached within %d steps", STEPS_MAX).isTrue();
    }
  }

  private static final class Time implements Ticker {
    private long nanos;

    @Override
    public long nanos() {
      return nanos;
    }

    @Override
    public void sleepUntil(long deadlineNanos) {
      nanos = Math.max(nanos, deadlineNanos);
    }
  }

  private static final class Paid implements UpdateFetch.PaidLine {
    private long budget;
    private long used;
    private long received;

    @Override
    public UplinkSettings settings() {
      return new UplinkSettings(
              "city",
              "gw-1",
              URI.create("mqtt://127.0.0.1:1"),
              null,
              null,
              null,
              null,
              null,
              null,
              null,
              1000,
              1000,
              false)
          .withLine(new Line(budget, 1, 0, 0, null, null, "", 0));
    }

    @Override
    public long used() {
      return used;
    }

    @Override
    public void spent(long sent, long more) {
      received += more;
    }
  }

  /** What is started is well. */
  private final class Machine implements Host {
    @Override
    public String arch() {
      return "amd64";
    }

    @Override
    public int java() {
      return 17;
    }

    @Override
    public long freeBytes(Path where) {
      return 1L << 40;
    }

    @Override
    public void prepare(Path application) {
      assertThat(application.resolve("lib/gateway.jar")).exists();
    }

    @Override
    public void restart() {
      assertThat(root.resolve("current")).exists();
    }

    @Override
    public Health health() {
      return new Health("0.2.0", true, Map.of(), Map.of());
    }

    @Override
    public void tell(String said) {
      assertThat(said).isNotEmpty();
    }
  }
}
