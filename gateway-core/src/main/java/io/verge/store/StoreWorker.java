package io.verge.store;

import io.verge.health.Counters;
import io.verge.model.Catalog;
import io.verge.model.Command;
import io.verge.model.Event;
import io.verge.model.Lane;
import io.verge.model.Outcome;
import io.verge.model.Sample;
import io.verge.model.Severity;
import io.verge.model.Stamp;
import io.verge.poll.SampleSink;
import io.verge.time.Bell;
import io.verge.time.Stamper;
import io.verge.time.Ticker;
import io.verge.time.Worker;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns the store: commits what the buses offer, seals it into batches, answers the uplinks, and
 * remembers commands. Every method that is not {@link #step} only enqueues.
 */
public final class StoreWorker implements Worker, SampleSink, BatchSource, CommandLog {
  private static final Logger LOG = LoggerFactory.getLogger(StoreWorker.class);

  /** A batch's bytes for a journal byte, before the first batch of a lane tells better. */
  private static final double BATCH_SHARE = 0.2;

  /** After a failed commit; the samples wait in memory meanwhile. */
  private static final long RETRY_NANOS = 5_000_000_000L;

  /** Batches given up in one step: bounds the time a full disk takes from everything else. */
  private static final int ROOM_STEPS = 16;

  /** What an earlier run left unsealed has waited long enough: it goes with the first link. */
  private static final long LEFT_OVER_NANOS = 7L * 86_400 * 1_000_000_000;

  private static final int TELEMETRY_TICK_MS = 100;

  /** Something asked of the store. */
  private interface Task {
    void run() throws StoreException;
  }

  private final Store store;
  private final CommandTable commands;
  private final Space space;
  private final StoreSettings settings;
  private final Catalog catalog;
  private final Stamper stamper;
  private final Ticker ticker;
  private final Counters counters;
  private final Bell bell = new Bell();
  private final Inbox inbox = new Inbox();
  private final ConcurrentLinkedQueue<Task> tasks = new ConcurrentLinkedQueue<>();
  private final List<Runnable> onSealed = new CopyOnWriteArrayList<>();
  private final Set<String> up = new HashSet<>();
  private final Waiting[] waiting = new Waiting[Lane.values().length];
  private Inbox.@Nullable Taken taken;
  private volatile boolean watched;
  private long commitNanos = NEVER;
  private long retryNanos;
  private long lastCommitMs;
  private long commits;
  private String trouble = "";
  private volatile StoreView view;

  /** The lane's journal, as far as the seal policy needs it. */
  private static final class Waiting {
    int rows;
    long readings;
    long bytes;
    long sinceNanos;
    double share = BATCH_SHARE;
  }

  /**
   * @param store open, and told its catalog; ownership passes to the worker.
   * @param quarantined where a damaged store was put aside, or null.
   */
  public StoreWorker(
      Store store,
      StoreSettings settings,
      Catalog catalog,
      Stamper stamper,
      Ticker ticker,
      Counters counters,
      @Nullable String quarantined)
      throws StoreException {
    this.store = store;
    this.commands = store.commands();
    this.space = store.space();
    this.settings = settings;
    this.catalog = catalog;
    this.stamper = stamper;
    this.ticker = ticker;
    this.counters = counters;
    long now = ticker.nanos();
    for (Lane lane : Lane.values()) {
      Store.Waiting found = store.waiting(lane);
      Waiting one = new Waiting();
      one.rows = found.rows();
      one.readings = found.readings();
      one.bytes = found.bytes();
      one.sinceNanos = found.rows() > 0 ? now - LEFT_OVER_NANOS : now;
      waiting[lane.number()] = one;
    }
    this.view = look();
    if (quarantined != null) {
      offer(event("store.quarantined", Severity.CRITICAL, Map.of("file", quarantined)));
    }
    offer(
        event(
            "store.started",
            store.wasClean() ? Severity.INFO : Severity.WARNING,
            Map.of("clean", store.wasClean(), "epoch", store.epoch())));
  }

  public StoreView view() {
    return view;
  }

  public long epoch() {
    return store.epoch();
  }

  /** Whether someone looks at live data at the back end. Any thread. */
  public void setWatched(boolean someone) {
    watched = someone;
    bell.ring();
  }

  @Override
  public String name() {
    return "store";
  }

  @Override
  public Bell bell() {
    return bell;
  }

  @Override
  public boolean offer(Lane lane, Sample sample, long @Nullable [] keep) {
    String asset = keep == null ? null : catalog.devices().get(sample.device()).id();
    boolean taken = inbox.offer(lane, sample, asset, keep);
    bell.ring();
    return taken;
  }

  @Override
  public boolean offer(Event event) {
    boolean taken = inbox.offer(event);
    bell.ring();
    return taken;
  }

  @Override
  public long step(long nowNanos) {
    runTasks();
    boolean fresh = commitIfDue(nowNanos);
    boolean sealed = sealIfDue(nowNanos);
    if (fresh || sealed) {
      makeRoom();
      refresh();
    }
    return next(nowNanos);
  }

  private void runTasks() {
    Task task;
    while ((task = tasks.poll()) != null) {
      try {
        task.run();
      } catch (StoreException e) {
        trouble("store.failed", e);
      }
    }
  }

  private boolean commitIfDue(long nowNanos) {
    if (inbox.size() == 0 && taken == null) {
      commitNanos = NEVER;
      return false;
    }
    if (commitNanos == NEVER) {
      commitNanos = nowNanos + settings.commitMs() * 1_000_000;
    }
    if (nowNanos < retryNanos || nowNanos < commitNanos && !inbox.hasEvents() && taken == null) {
      return false;
    }
    return commit(nowNanos);
  }

  /** What a failed commit took stays taken until it is committed: nothing is lost by an error. */
  private boolean commit(long nowNanos) {
    Inbox.Taken now = taken == null ? inbox.take() : taken;
    taken = now;
    try {
      store.append(now.rows(), now.keep());
    } catch (StoreException e) {
      retryNanos = nowNanos + RETRY_NANOS;
      trouble("store.failed", e);
      return false;
    }
    taken = null;
    commitNanos = NEVER;
    trouble = "";
    commits++;
    lastCommitMs = ticker.millis();
    now.rows()
        .forEach(
            (lane, row) -> {
              counters.add("readings.journaled", row.readings());
              grew(lane, row, nowNanos);
            });
    return true;
  }

  private void grew(Lane lane, JournalRow row, long nowNanos) {
    Waiting one = waiting[lane.number()];
    if (one.rows == 0) {
      one.sinceNanos = nowNanos;
    }
    one.rows++;
    one.readings += row.readings();
    one.bytes += row.encode().length;
  }

  private boolean sealIfDue(long nowNanos) {
    boolean any = false;
    for (Lane lane : Lane.values()) {
      try {
        while (settings.seal().waitMs(policyView(lane, nowNanos)) == 0 && seal(lane, nowNanos)) {
          any = true;
        }
      } catch (StoreException e) {
        trouble("store.failed", e);
      }
    }
    if (any) {
      onSealed.forEach(Runnable::run);
    }
    return any;
  }

  private SealPolicy.View policyView(Lane lane, long nowNanos) throws StoreException {
    Waiting one = waiting[lane.number()];
    return new SealPolicy.View(
        lane,
        one.rows,
        (nowNanos - one.sinceNanos) / 1_000_000,
        (long) (one.bytes * one.share),
        !up.isEmpty(),
        watched,
        lane == Lane.EVENT && !up.isEmpty() && space.hasGaps());
  }

  private boolean seal(Lane lane, long nowNanos) throws StoreException {
    int tick = lane == Lane.TELEMETRY ? TELEMETRY_TICK_MS : 1;
    Optional<StoredBatch> sealed = store.seal(lane, tick, clock());
    Store.Waiting left = store.waiting(lane);
    Waiting one = waiting[lane.number()];
    if (sealed.isPresent() && one.bytes > left.bytes()) {
      one.share = (double) sealed.get().message().length / (one.bytes - left.bytes());
      counters.add("readings.sealed", sealed.get().readings());
      counters.add("batch.bytes", sealed.get().message().length);
      counters.increment("batches.sealed");
    }
    one.rows = left.rows();
    one.readings = left.readings();
    one.bytes = left.bytes();
    one.sinceNanos = nowNanos;
    return sealed.isPresent();
  }

  private Sealing.Clock clock() {
    Stamp now = stamper.now();
    return new Sealing.Clock(
        now.boot(), now.hasUtc() ? now.utcMs() - now.monoMs() : Stamp.NO_UTC, now.uncMs());
  }

  private void makeRoom() {
    try {
      for (int i = 0; i < ROOM_STEPS && space.used() > settings.maxBytes(); i++) {
        Optional<Space.Given> found = space.giveWay(Set.copyOf(settings.uplinks()));
        if (found.isEmpty()) {
          return;
        }
        Space.Given given = found.get();
        counters.add("readings.shed." + given.lane().word(), given.shed());
        counters.increment(given.shed() > 0 ? "batches.shed" : "batches.trimmed");
      }
    } catch (StoreException e) {
      trouble("store.failed", e);
    }
  }

  private long next(long nowNanos) {
    if (!tasks.isEmpty() || inbox.hasEvents() && nowNanos >= retryNanos) {
      return nowNanos;
    }
    long next = taken == null ? commitNanos : Math.max(retryNanos, nowNanos);
    if (inbox.size() > 0 && next == NEVER) {
      next = nowNanos;
    }
    for (Lane lane : Lane.values()) {
      try {
        long waitMs = settings.seal().waitMs(policyView(lane, nowNanos));
        if (waitMs != Long.MAX_VALUE) {
          next = Math.min(next, nowNanos + Math.max(1, waitMs) * 1_000_000);
        }
      } catch (StoreException e) {
        trouble("store.failed", e);
        return nowNanos + RETRY_NANOS;
      }
    }
    return next;
  }

  @Override
  public void marks(String uplink, Consumer<StoreMarks> receiver) {
    task(() -> receiver.accept(store.marks(uplink)));
  }

  @Override
  public void next(
      String uplink, Lane lane, long afterBseq, Consumer<Optional<StoredBatch>> receiver) {
    task(() -> receiver.accept(store.next(lane, afterBseq)));
  }

  @Override
  public void ack(String uplink, Lane lane, long epoch, long bseq) {
    task(
        () -> {
          long delivered = store.ack(uplink, lane, epoch, bseq);
          if (delivered < 0) {
            counters.increment("acks.ignored");
          } else {
            counters.add("readings.delivered." + uplink, delivered);
          }
          refresh();
        });
  }

  @Override
  public void catalog(long rev, Consumer<Optional<byte[]>> receiver) {
    task(() -> receiver.accept(store.catalogMessage(rev)));
  }

  @Override
  public void link(String uplink, boolean isUp) {
    task(
        () -> {
          if (isUp) {
            up.add(uplink);
          } else {
            up.remove(uplink);
          }
        });
  }

  @Override
  public void onSealed(Runnable listener) {
    onSealed.add(listener);
  }

  @Override
  public void accept(Command command, Consumer<Optional<Outcome>> known) {
    task(() -> known.accept(commands.accept(command, ticker.millis())));
  }

  @Override
  public void update(String id, Outcome outcome, Event audit) {
    task(
        () -> {
          commands.update(id, outcome, audit, ticker.millis());
          grew(Lane.EVENT, new JournalRow(List.of(), List.of(audit)), ticker.nanos());
        });
  }

  @Override
  public void unfinished(Consumer<List<Row>> receiver) {
    task(() -> receiver.accept(commands.unfinished()));
  }

  @Override
  public void recent(int most, Consumer<List<Row>> receiver) {
    task(() -> receiver.accept(commands.recent(Math.min(most, 1000))));
  }

  private void task(Task task) {
    tasks.add(task);
    bell.ring();
  }

  /** Commits what waits and closes the store in order. */
  @Override
  public void close() throws StoreException {
    runTasks();
    while (inbox.size() > 0 || taken != null) {
      if (!commit(ticker.nanos())) {
        store.abandon();
        throw new StoreException("the last samples could not be committed: " + trouble);
      }
    }
    store.close();
  }

  private void trouble(String kind, StoreException e) {
    String message = String.valueOf(e.getMessage());
    counters.increment("store.failures");
    LOG.error("{}: {}", kind, message);
    if (!message.equals(trouble)) {
      trouble = message;
      inbox.offer(event(kind, Severity.CRITICAL, Map.of("why", message)));
    }
    view = withTrouble(message);
  }

  private StoreView withTrouble(String message) {
    StoreView old = view;
    return new StoreView(
        old.epoch(),
        old.wasClean(),
        inbox.size(),
        old.bytes(),
        old.maxBytes(),
        lastCommitMs,
        commits,
        message,
        old.lanes());
  }

  private void refresh() {
    try {
      view = look();
    } catch (StoreException e) {
      trouble("store.failed", e);
    }
  }

  private StoreView look() throws StoreException {
    List<StoreView.LaneView> lanes = new ArrayList<>();
    Map<String, StoreMarks> marks = new HashMap<>();
    for (String uplink : settings.uplinks()) {
      marks.put(uplink, store.marks(uplink));
    }
    StoreMarks any = store.marks("");
    for (Lane lane : Lane.values()) {
      Map<String, Long> acked = new HashMap<>();
      marks.forEach((uplink, at) -> acked.put(uplink, at.oldest()[lane.number()] - 1));
      Waiting one = waiting[lane.number()];
      lanes.add(
          new StoreView.LaneView(
              lane.word(),
              one.rows,
              one.readings,
              one.bytes,
              store.held(lane, least(acked)),
              any.next()[lane.number()],
              Map.copyOf(acked)));
    }
    return new StoreView(
        store.epoch(),
        store.wasClean(),
        inbox.size(),
        space.used(),
        settings.maxBytes(),
        lastCommitMs,
        commits,
        trouble,
        lanes);
  }

  private static long least(Map<String, Long> acked) {
    return acked.values().stream().mapToLong(Long::longValue).min().orElse(0);
  }

  private Event event(String kind, Severity severity, Map<String, Object> details) {
    return new Event(stamper.now(), kind, severity, Event.NO_DEVICE, details);
  }
}
