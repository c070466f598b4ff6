package io.verge.simulator.faults;

import io.verge.health.Counters;
import io.verge.model.Lane;
import io.verge.model.Sample;
import io.verge.store.SealPolicy;
import io.verge.store.ShedPolicy;
import io.verge.store.Store;
import io.verge.store.StoreException;
import io.verge.store.StoreFiles;
import io.verge.store.StoreSettings;
import io.verge.store.StoreView;
import io.verge.store.StoreWorker;
import io.verge.time.Stamper;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * The process that is killed: the shipped store and its worker, stepped as fast as they go. It
 * tells its campaign through standard output what it is about to offer, and after the commit that
 * it is committed; batches go out and acks come in by the same pipes.
 *
 * <p>{@link Frame#STARTED}: epoch, whether the last stop was clean, whether a damaged store was put
 * aside, whether commits survive the process, life and index last kept of telemetry, of meters.
 * {@link Frame#OFFERED}: telemetry, meter samples, events. {@link Frame#COMMITTED}: the same, then
 * batches sealed, trimmed, shed, thinned; bytes on disk.
 */
public final class Victim {
  static final int SEALED = 3;
  static final int TRIMMED = 4;
  static final int SHED = 5;
  static final int THINNED = 6;
  static final int BYTES = 7;

  private static final String UPLINK = "city";
  private static final long COMMIT_MS = 1000;
  private static final long COMMIT_NANOS = COMMIT_MS * 1_000_000;
  private static final SealPolicy SEALS = new SealPolicy(20_000, 60_000, 20_000, 32 * 1024);
  private static final long THIN_PERIOD_MS = 60_000;
  private static final double EVENT_SHARE = 0.1;
  private static final double EVENT_CHANCE = 0.1;
  private static final int SAMPLES_A_METER_SAMPLE = 10;

  private final LifePlan plan;
  private final Random random;
  private final Hastened clock;
  private final Counters counters = new Counters();
  private final Acquisition acquisition;
  private final Stamper stamper;
  private final DataInputStream in;
  private final DataOutputStream out;
  private final InputStream raw;
  private final StoreWorker worker;
  private final Link link;
  private boolean finishing;

  private Victim(Path folder, LifePlan plan, InputStream raw, DataOutputStream out)
      throws StoreException, IOException {
    this.plan = plan;
    this.random = new Random(plan.seed());
    this.clock = new Hastened(plan.life());
    this.acquisition = new Acquisition(plan.life(), plan.seed());
    this.stamper = new Stamper(plan.life(), clock, clock);
    this.raw = raw;
    this.in = new DataInputStream(raw);
    this.out = out;
    StoreFiles.Opened opened = StoreFiles.open(folder.resolve("verge.db"), random);
    Store store = opened.store();
    long[] telemetry = store.kept(Acquisition.TELEMETRY_LAST).orElse(new long[2]);
    long[] meter = store.kept(Acquisition.METER_LAST).orElse(new long[2]);
    Frame.of(
            Frame.STARTED,
            store.epoch(),
            store.wasClean() ? 1 : 0,
            opened.quarantined() == null ? 0 : 1,
            store.isDurable() ? 1 : 0,
            telemetry[0],
            telemetry[1],
            meter[0],
            meter[1])
        .write(out);
    this.worker =
        new StoreWorker(
            store,
            new StoreSettings(COMMIT_MS, plan.maxBytes(), SEALS, List.of(UPLINK), shedding(plan)),
            store.useCatalog(Acquisition.CATALOG),
            stamper,
            clock,
            counters,
            opened.quarantined());
    this.link = new Link(UPLINK, worker, out);
  }

  private static ShedPolicy shedding(LifePlan plan) {
    return new ShedPolicy(
        ShedPolicy.Mode.OLDEST,
        plan.telemetry(),
        THIN_PERIOD_MS,
        EVENT_SHARE,
        plan.minFree(),
        Set.of());
  }

  /** Arguments: the store's folder, then those of {@link LifePlan}. */
  public static void main(String[] arguments) throws Exception {
    List<String> rest = List.of(arguments).subList(1, arguments.length);
    LifePlan plan = LifePlan.parse(rest);
    if (plan.sabotage()) {
      FailingDriver.install((number, sql) -> sql.replace("synchronous=FULL", "synchronous=OFF"));
    }
    DataOutputStream out = new DataOutputStream(new BufferedOutputStream(System.out, 1 << 16));
    Victim victim = new Victim(Path.of(arguments[0]), plan, System.in, out);
    victim.live();
  }

  private void live() throws StoreException, IOException {
    if (plan.isUp()) {
      worker.link(UPLINK, true);
      link.greet(plan.life());
    }
    while (!finishing && plan.chunk() > 0) {
      acquire();
      commit();
      hear();
    }
    do {
      worker.link(UPLINK, true);
      link.greet(plan.life());
      commit();
      hear();
    } while (!isDelivered());
    worker.close();
    Frame.of(Frame.DONE).write(out);
  }

  private void acquire() throws IOException {
    int telemetry = 1 + random.nextInt(plan.chunk());
    int meters = telemetry / SAMPLES_A_METER_SAMPLE;
    boolean event = random.nextDouble() < EVENT_CHANCE;
    long[] before = acquisition.totals();
    Frame.of(Frame.OFFERED, before[0] + telemetry, before[1] + meters, before[2] + (event ? 1 : 0))
        .write(out);
    offer(Lane.TELEMETRY, telemetry);
    offer(Lane.METER, meters);
    if (event && !worker.offer(acquisition.nextEvent(stamper.now()))) {
      trouble("an event was refused");
    }
  }

  private void offer(Lane lane, int count) throws IOException {
    for (int i = 1; i <= count; i++) {
      Sample sample = acquisition.next(lane, stamper.now(), i == count);
      long[] keep = i == count ? acquisition.kept(lane) : null;
      if (!worker.offer(lane, sample, keep)) {
        trouble("a sample was refused");
      }
    }
  }

  /** A commit interval passes; tells what is committed once nothing waits any more. */
  private void commit() throws IOException {
    link.fetch();
    worker.step(clock.nanos());
    clock.skip(COMMIT_NANOS);
    worker.step(clock.nanos());
    StoreView view = worker.view();
    while (!view.trouble().isEmpty() || isWaiting()) {
      trouble(view.trouble());
      clock.skip(COMMIT_NANOS);
      worker.step(clock.nanos());
      view = worker.view();
    }
    long[] totals = acquisition.totals();
    Frame.of(
            Frame.COMMITTED,
            totals[0],
            totals[1],
            totals[2],
            counters.get("batches.sealed"),
            counters.get("batches.trimmed"),
            counters.get("batches.shed"),
            counters.get("batches.thinned"),
            view.bytes())
        .write(out);
  }

  private boolean isWaiting() {
    return counters.get("readings.journaled") < acquisition.readings();
  }

  private void trouble(String what) throws IOException {
    new Frame(Frame.TROUBLE, what.getBytes(StandardCharsets.UTF_8)).write(out);
  }

  private void hear() throws IOException {
    while (raw.available() > 0) {
      Frame frame = Frame.read(in);
      if (frame == null || frame.type() == Frame.FINISH) {
        finishing = true;
        return;
      }
      link.acks(frame.body());
    }
  }

  private boolean isDelivered() {
    return link.isIdle()
        && worker.view().lanes().stream()
            .allMatch(lane -> lane.journalRows() == 0 && lane.held().unacked() == 0);
  }
}
