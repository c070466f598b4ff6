package io.verge.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.bytes.Sha256;
import io.verge.command.CommandDesk;
import io.verge.config.SiteConfig;
import io.verge.driver.Order;
import io.verge.health.Counters;
import io.verge.model.Catalog;
import io.verge.model.Event;
import io.verge.model.Outcome;
import io.verge.store.SealPolicy;
import io.verge.store.ShedPolicy;
import io.verge.store.StoreFiles;
import io.verge.store.StoreSettings;
import io.verge.store.StoreWorker;
import io.verge.time.Crew;
import io.verge.time.Stamper;
import io.verge.time.TrustedClock;
import io.verge.time.Worker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Before a stand-in of the server; the store, the desk and the fetching of bundles are real. */
class HawkbitWorkerTest {
  private static final int STEPS_MAX = 20_000;
  private static final long HOUR = 3_600_000_000_000L;

  @TempDir private Path folder = Path.of("unset");
  private UpdateRig rig = new UpdateRig(Path.of("unset"));
  private UpdateRig.Time time = rig.time;
  private final List<Event> events = new ArrayList<>();
  private UpdateRig.Paid line = rig.line;
  private HawkbitServer server = new HawkbitServer();
  private @Nullable Run run;

  HawkbitWorkerTest() throws Exception {}

  @BeforeEach
  void bundleOnTheServer() throws Exception {
    rig = new UpdateRig(folder);
    time = rig.time;
    line = rig.line;
    server.file = rig.bundle(200_000);
    server.sha256 = Sha256.hex(server.file);
  }

  @AfterEach
  void end() throws Exception {
    if (run != null) {
      run.store.close();
    }
    server.close();
    assertThat(server.wrong).isEmpty();
  }

  private Run start() throws Exception {
    if (run != null) {
      run.store.close();
    }
    Run fresh = new Run();
    run = fresh;
    return fresh;
  }

  private Path incoming() {
    return folder.resolve("update/incoming.vup");
  }

  /** What {@code verge-update.path} does. */
  private void applied() throws Exception {
    assertThat(rig.updater().apply(incoming())).isTrue();
    Files.delete(incoming());
  }

  @Test
  void anActionIsFetchedTriedAndReported() throws Exception {
    Run gateway = start();
    gateway.until(() -> server.polls == 1);
    assertThat(server.attributes).containsEntry("version", "0.1.0").containsEntry("arch", "amd64");
    server.action = "7";
    gateway.until(() -> Files.exists(incoming()));
    assertThat(incoming()).hasBinaryContent(server.file);
    applied();
    gateway.until(() -> server.action.isEmpty());
    assertThat(server.told)
        .containsExactly(
            "7 proceeding none \"fetching verge_0.2.0_amd64.vup\"",
            "7 closed success \"done {version=0.2.0}\"");
    int polls = server.polls;
    gateway.until(() -> server.polls == polls + 3);
    assertThat(server.told).as("closed once").hasSize(2);
    assertThat(line.received).as("the data plan pays").isGreaterThan(server.file.length);
  }

  @Test
  void whatAPowerCutInterruptsGoesOn() throws Exception {
    server.action = "8";
    server.breaksAfter = 70_000;
    Run before = start();
    Path part = folder.resolve("update/fetched.part");
    before.until(() -> Files.exists(part) && size(part) >= 70_000);
    Run after = start();
    after.until(() -> Files.exists(incoming()));
    assertThat(incoming()).hasBinaryContent(server.file);
    applied();
    after.until(() -> server.action.isEmpty());
    assertThat(server.told.get(server.told.size() - 1)).startsWith("8 closed success");
    assertThat(server.told.stream().filter(told -> told.contains("closed"))).hasSize(1);
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void whatCannotBeAppliedIsReportedWithItsReason() throws Exception {
    server.action = "9";
    server.fileName = "verge_0.2.0_arm64.vup";
    Run gateway = start();
    gateway.until(() -> server.action.isEmpty());
    assertThat(server.told.get(0))
        .startsWith("9 closed failure")
        .contains("0 of its files are named …_amd64.vup");
    server.fileName = "verge_0.2.0_amd64.vup";
    server.sha256 = Sha256.hex(new byte[] {1});
    server.action = "10";
    gateway.until(() -> server.action.isEmpty());
    assertThat(server.told.get(server.told.size() - 1))
        .startsWith("10 closed failure")
        .contains("does not have the ordered sum");
    assertThat(incoming()).doesNotExist();
  }

  @Test
  void anActionOutsideItsWindowWaits() throws Exception {
    server.action = "11";
    server.window = "unavailable";
    Run gateway = start();
    gateway.until(() -> server.polls == 3);
    assertThat(server.told).isEmpty();
    server.window = "available";
    gateway.until(() -> Files.exists(incoming()));
  }

  @Test
  void cancellingComesTooLateForWhatHasBegun() throws Exception {
    Run gateway = start();
    server.cancel = "12";
    gateway.until(() -> server.cancel.isEmpty());
    assertThat(server.told).containsExactly("12 closed success \"it had not begun\"");
    server.action = "13";
    gateway.until(() -> Files.exists(incoming()));
    server.cancel = "13";
    gateway.until(() -> server.cancel.isEmpty());
    assertThat(server.told.get(server.told.size() - 1)).startsWith("13 rejected none");
    applied();
    gateway.until(() -> server.action.isEmpty());
    assertThat(server.told.get(server.told.size() - 1)).startsWith("13 closed success");
  }

  @Test
  void aServerThatIsAwayIsToldOnce() throws Exception {
    server.isDown = true;
    Run gateway = start();
    gateway.until(() -> !events.isEmpty());
    gateway.steps(200);
    assertThat(events).extracting(Event::kind).containsExactly("hawkbit.down");
    assertThat(events.get(0).details().get("why")).asString().contains("503");
    server.isDown = false;
    gateway.until(() -> events.size() == 2);
    assertThat(events.get(1).kind()).isEqualTo("hawkbit.up");
  }

  /** One start of the gateway, as far as updates need it. */
  private final class Run implements Crew, CommandDesk.Targets {
    private final StoreWorker store;
    private final List<Worker> workers = new ArrayList<>();

    Run() throws Exception {
      Stamper stamper = new Stamper(1, time, new TrustedClock(false, time));
      StoreFiles.Opened opened = StoreFiles.open(folder.resolve("verge.db"), new Random(1));
      Catalog catalog = opened.store().useCatalog(new Catalog(0, List.of(), List.of()));
      store =
          new StoreWorker(
              opened.store(),
              new StoreSettings(
                  5000,
                  StoreSettings.BYTES_LEAST,
                  SealPolicy.DEFAULT,
                  List.of("city"),
                  ShedPolicy.DEFAULT),
              catalog,
              stamper,
              time,
              new Counters(),
              opened.quarantined());
      SiteConfig.Hawkbit settings =
          new SiteConfig.Hawkbit(server.url(), "DEFAULT", "gw-1", Path.of("unread"), "city");
      UpdateOrders orders =
          new UpdateOrders(
              new UpdateFiles(folder.resolve("update"), new WholeFiles()),
              () -> List.of(line),
              Map.of(HawkbitWorker.ORIGIN, "city"),
              to -> HawkbitWorker.fields(settings, HawkbitServer.TOKEN, to),
              rig::updater,
              stamper,
              time,
              this);
      Watch watch = new Watch(catalog, stamper, store, store);
      CommandDesk desk =
          new CommandDesk(this, List.of(orders), store, watch, stamper, new Counters());
      Heard heard = new Heard(watch, events);
      workers.add(store);
      workers.add(
          new HawkbitWorker(
              settings,
              HawkbitServer.TOKEN,
              line,
              desk,
              heard,
              stamper,
              time,
              Map.of("version", "0.1.0", "arch", "amd64"),
              "amd64"));
      desk.resume();
    }

    @Override
    public void start(Worker worker) {
      workers.add(worker);
    }

    @Override
    public void stop(Worker worker) {
      workers.remove(worker);
    }

    void until(BooleanSupplier reached) throws Exception {
      for (int i = 0; i < STEPS_MAX && !reached.getAsBoolean(); i++) {
        steps(1);
      }
      assertThat(reached.getAsBoolean())
          .as("reached; told %s, wrong %s", server.told, server.wrong)
          .isTrue();
    }

    void steps(int count) throws Exception {
      for (int i = 0; i < count; i++) {
        long next = Long.MAX_VALUE;
        for (Worker worker : List.copyOf(workers)) {
          next = Math.min(next, worker.step(time.nanos));
        }
        time.nanos = Math.max(time.nanos + 1_000_000, Math.min(next, time.nanos + HOUR / 60));
      }
    }

    @Override
    public int device(String target) {
      return Event.NO_DEVICE;
    }

    @Override
    public boolean execute(
        int device, Order order, Supplier<@Nullable Outcome> refusal, Consumer<Outcome> done) {
      throw new AssertionError("there are no devices");
    }

    @Override
    public boolean readBack(int device, Consumer<CommandDesk.Found> done) {
      throw new AssertionError("there are no devices");
    }
  }

  /** What is told besides readings, kept for a look. */
  private record Heard(Watch watch, List<Event> events) implements io.verge.poll.SampleSink {
    @Override
    public boolean offer(
        io.verge.model.Lane lane, io.verge.model.Sample sample, long @Nullable [] keep) {
      return watch.offer(lane, sample, keep);
    }

    @Override
    public boolean offer(Event event) {
      events.add(event);
      return watch.offer(event);
    }

    @Override
    public boolean offer(Event event, String owner, long[] keep) {
      return watch.offer(event, owner, keep);
    }
  }
}
