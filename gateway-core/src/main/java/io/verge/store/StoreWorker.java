package io.verge.store;

import io.verge.health.Counters;
import io.verge.model.Catalog;
import io.verge.model.Command;
import io.verge.model.Event;
import io.verge.model.Lane;
import io.verge.model.Outcome;
import io.verge.model.Sample;
import io.verge.model.Severity;
import io.verge.poll.SampleSink;
import io.verge.time.Bell;
import io.verge.time.Stamper;
import io.verge.time.Ticker;
import io.verge.time.Worker;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns the store: has what the buses offer committed ({@link Intake}), sealed ({@link Seals}) and
 * kept within limits ({@link Upkeep}), answers the uplinks, and goes on with a new store when the
 * old one turns out damaged. Every method that is not {@link #step} only enqueues.
 */
public final class StoreWorker implements Worker, SampleSink, BatchSource, CommandLog {
  private static final Logger LOG = LoggerFactory.getLogger(StoreWorker.class);

  /** Something asked of the store. */
  private interface Task {
    void run() throws StoreException;
  }

  private final StoreSettings settings;
  private final Catalog catalog;
  private final Stamper stamper;
  private final Ticker ticker;
  private final Counters counters;
  private final Bell bell = new Bell();
  private final Inbox inbox = new Inbox();
  private final ConcurrentLinkedQueue<Task> tasks = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<Task> lookups = new ConcurrentLinkedQueue<>();
  private final List<Runnable> onSealed = new CopyOnWriteArrayList<>();
  private final StoreNews news;
  private final Intake intake;
  private final Seals seals;
  private final Upkeep upkeep;
  private final StoreViews views;
  private final Deliveries deliveries;
  private final Rescue rescue;
  private final Refusals refusals = new Refusals();
  private final LinkRates rates = new LinkRates();
  private Store store;
  private CommandTable commands;
  private volatile boolean watched;
  private boolean isOpen;
  private boolean recount = true;
  private String trouble = "";
  private volatile long epoch;
  private volatile StoreView view;

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
    this.epoch = store.epoch();
    this.commands = store.commands();
    this.settings = settings;
    this.catalog = catalog;
    this.stamper = stamper;
    this.ticker = ticker;
    this.counters = counters;
    this.news = new StoreNews(inbox, stamper, counters, settings.maxBytes());
    this.intake = new Intake(store, inbox, settings.commitMs(), ticker, counters);
    this.rates.use(store, settings.uplinks());
    this.seals = new Seals(store, settings.seal(), stamper, counters, rates);
    this.upkeep = new Upkeep(store, settings, counters, news::shedding);
    this.refusals.use(store, settings.uplinks());
    this.views = new StoreViews(settings, refusals);
    this.deliveries = new Deliveries(refusals, news, stamper, counters);
    this.rescue = new Rescue(settings.uplinks(), news);
    this.view = views.look(store, seals, intake, 0, upkeep.bytes(), "");
    news.started(store, quarantined);
  }

  /**
   * Who else sees what the store notes about itself; before the worker is started. It does no more
   * than enqueue and ring.
   */
  public void onNews(Consumer<Event> listener) {
    news.listener(listener);
  }

  public StoreView view() {
    return view;
  }

  public long epoch() {
    return epoch;
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
    int waiting = inbox.offer(lane, sample, asset, keep);
    if (waiting == 1) {
      // From the first one on the thread knows when it commits: the others need not wake it.
      bell.ring();
    }
    return waiting > 0;
  }

  @Override
  public boolean offer(Event event) {
    boolean taken = inbox.offer(event);
    bell.ring();
    return taken;
  }

  @Override
  public boolean offer(Event event, String owner, long[] keep) {
    boolean taken = inbox.offer(event, owner, keep);
    bell.ring();
    return taken;
  }

  @Override
  public long step(long nowNanos) {
    try {
      if (!isOpen) {
        look(nowNanos);
      }
      if (upkeep.isUnfinished()) {
        tidy(nowNanos);
      }
      runTasks();
      boolean fresh = intake.isDue(nowNanos);
      if (fresh) {
        seals.grew(intake.commit(nowNanos), nowNanos);
        news.refused();
      }
      if (seals.sealDue(watched, nowNanos)) {
        recount = true;
        onSealed.forEach(Runnable::run);
      }
      if (rescue.isUnderWay()) {
        rescue.step(store, seals, nowNanos);
      }
      if (fresh || recount || upkeep.isUnfinished()) {
        tidy(nowNanos);
      }
      Task lookup = lookups.poll();
      if (lookup != null) {
        lookup.run();
      }
      if (!trouble.isEmpty()) {
        view = views.look(store, seals, intake, inbox.size(), upkeep.bytes(), "");
        trouble = "";
      }
    } catch (StoreException e) {
      failed(e, nowNanos);
    }
    return next(nowNanos);
  }

  /** What needs a look at the disk is done here, not on the way to the first poll. */
  private void look(long nowNanos) throws StoreException {
    seals.use(store, nowNanos);
    rescue.resume(store);
    isOpen = true;
    if (upkeep.step(nowNanos)) {
      seals.gapsMade();
    }
  }

  private void tidy(long nowNanos) throws StoreException {
    news.journal(store, nowNanos);
    if (upkeep.step(nowNanos)) {
      seals.gapsMade();
      recount = true;
    }
    if (recount) {
      views.recount(store);
      recount = false;
    }
    view = views.look(store, seals, intake, inbox.size(), upkeep.bytes(), trouble);
  }

  private void runTasks() throws StoreException {
    Task task;
    while ((task = tasks.poll()) != null) {
      task.run();
    }
  }

  private long next(long nowNanos) {
    if (!trouble.isEmpty()) {
      return Math.max(
          nowNanos + 1, Math.min(nowNanos + Intake.RETRY_NANOS, intake.nextNanos(nowNanos)));
    }
    if (!tasks.isEmpty() || !lookups.isEmpty() || rescue.isUnderWay() || upkeep.isUnfinished()) {
      return nowNanos;
    }
    return Math.min(intake.nextNanos(nowNanos), seals.nextNanos(watched, nowNanos));
  }

  @Override
  public void marks(String uplink, Consumer<StoreMarks> receiver) {
    task(() -> receiver.accept(store.marks(uplink)));
  }

  @Override
  public void next(
      String uplink, Lane lane, long afterBseq, Consumer<Optional<StoredBatch>> receiver) {
    task(() -> receiver.accept(deliveries.next(store, uplink, lane, afterBseq)));
  }

  @Override
  public void ack(String uplink, Lane lane, long ofEpoch, long bseq) {
    task(() -> recount |= deliveries.ack(store, uplink, lane, ofEpoch, bseq));
  }

  @Override
  public void refuse(String uplink, Lane lane, long ofEpoch, long bseq) {
    task(() -> recount |= ofEpoch == epoch && deliveries.refuse(store, uplink, lane, bseq));
  }

  @Override
  public void catalog(long rev, Consumer<Optional<byte[]>> receiver) {
    task(() -> receiver.accept(store.catalogMessage(rev)));
  }

  @Override
  public void link(String uplink, boolean isUp) {
    task(() -> seals.link(uplink, isUp));
  }

  @Override
  public void pace(String uplink, Pace pace) {
    task(() -> seals.pace(uplink, pace));
  }

  @Override
  public void linkRate(String uplink, long bytesPerSecond) {
    task(() -> rates.set(store, uplink, bytesPerSecond));
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
    task(() -> updateNow(id, outcome, audit));
  }

  /** What became of a command is not forgotten by an error: it is tried again. */
  private void updateNow(String id, Outcome outcome, Event audit) throws StoreException {
    try {
      int bytes = commands.update(id, outcome, audit, ticker.millis());
      seals.grew(Map.of(Lane.EVENT, new Intake.Added(0, bytes, true)), ticker.nanos());
      recount = true;
    } catch (StoreException e) {
      tasks.add(() -> updateNow(id, outcome, audit));
      throw e;
    }
  }

  @Override
  public void unfinished(Consumer<List<Row>> receiver) {
    task(() -> receiver.accept(commands.unfinished()));
  }

  @Override
  public void recent(int most, Consumer<List<Row>> receiver) {
    task(() -> receiver.accept(commands.recent(Math.min(most, 1000))));
  }

  /**
   * Reads a part of a point's past; one part a step, after what waited was committed.
   *
   * @param receiver told once, on the store thread, where it may do no more than enqueue and ring.
   */
  public void history(HistoryQuery query, HistorySlice.Mark mark, Consumer<HistorySlice> receiver) {
    lookups.add(
        () -> {
          try {
            receiver.accept(store.history().slice(query, mark));
          } catch (StoreException e) {
            receiver.accept(new HistorySlice(List.of(), null, String.valueOf(e.getMessage())));
            throw e;
          }
        });
    bell.ring();
  }

  /**
   * Numbers that outlive a restart; see {@link Store#kept}.
   *
   * @param owner with a slash: no asset's name has one.
   */
  public void keep(String owner, long[] numbers) {
    task(() -> store.keep(owner, numbers));
  }

  private void task(Task task) {
    tasks.add(task);
    bell.ring();
  }

  /** Commits what waits and closes the store in order. */
  @Override
  public void close() throws StoreException {
    rescue.pause();
    try {
      runTasks();
      while (!intake.isEmpty()) {
        intake.commit(ticker.nanos());
      }
    } catch (StoreException e) {
      store.abandon();
      throw new StoreException("the last samples could not be committed: " + e.getMessage(), e);
    }
    store.close();
  }

  /** Loud, and on: a full disk gives way, a damaged store is replaced, the rest is tried again. */
  private void failed(StoreException e, long nowNanos) {
    String message = String.valueOf(e.getMessage());
    counters.increment("store.failures");
    LOG.error("{}", message);
    boolean isNews = !message.equals(trouble);
    trouble = message;
    try {
      if (e.isDamaged()) {
        replace(message);
      } else {
        if (isNews) {
          news.note("store.failed", Severity.CRITICAL, Map.of("why", message));
        }
        if (e.isFull() && upkeep.emergency(nowNanos)) {
          seals.gapsMade();
          intake.retryAt(nowNanos);
        }
      }
    } catch (StoreException next) {
      LOG.error("{}", next.getMessage());
    }
    view = views.troubled(view, intake, inbox.size(), message);
  }

  private void replace(String why) throws StoreException {
    Path file = store.file();
    if (file == null) {
      return;
    }
    rescue.pause();
    try {
      store.abandon();
    } catch (StoreException e) {
      LOG.error("{}", e.getMessage());
    }
    StoreFiles.Opened fresh = StoreFiles.afresh(file, store.random());
    store = fresh.store();
    store.useCatalog(catalog);
    refusals.use(store, settings.uplinks());
    epoch = store.epoch();
    commands = store.commands();
    intake.use(store);
    upkeep.use(store);
    isOpen = false;
    recount = true;
    news.note("store.damaged", Severity.CRITICAL, Map.of("why", why));
    news.started(store, fresh.quarantined());
  }
}
