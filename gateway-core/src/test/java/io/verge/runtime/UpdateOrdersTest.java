package io.verge.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.model.Command;
import io.verge.model.Outcome;
import io.verge.time.Crew;
import io.verge.time.Stamper;
import io.verge.time.TrustedClock;
import io.verge.time.Worker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UpdateOrdersTest {
  private static final int STEPS_MAX = 10_000;

  @TempDir private Path folder = Path.of("unset");
  private final List<Outcome> outcomes = new ArrayList<>();
  private UpdateRig rig = new UpdateRig(Path.of("unset"));
  private UpdateRig.Time time = rig.time;
  private final Steps steps = new Steps();
  private UpdateRig.Paid line = rig.line;
  private byte[] bundle = new byte[0];
  private RangeServer server = new RangeServer(new byte[0]);
  private UpdateOrders orders = fresh();

  UpdateOrdersTest() throws Exception {}

  @BeforeEach
  void bundleOnAServer() throws Exception {
    rig = new UpdateRig(folder);
    time = rig.time;
    line = rig.line;
    bundle = rig.bundle(400_000);
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
        rig::updater,
        new Stamper(1, time, new TrustedClock(false, time)),
        time,
        steps);
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
    rig.updater().apply(incoming());
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
    rig.updater().apply(incoming());
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
}
