package io.verge.uplink;

import io.verge.health.Counters;
import io.verge.model.Event;
import io.verge.model.Lane;
import io.verge.model.Severity;
import io.verge.poll.SampleSink;
import io.verge.store.BatchSource;
import io.verge.store.Pace;
import io.verge.time.Bell;
import io.verge.time.Stamper;
import io.verge.time.Ticker;
import io.verge.time.WallClock;
import io.verge.time.Worker;
import io.verge.wire.State;
import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Owns one uplink: turns what the connection and the store say into inputs of the {@link Session},
 * and its effects into calls of both. Library threads and the store only enqueue here.
 */
public final class UplinkWorker implements Worker {
  /** Bytes are put on their day at least so often. */
  private static final long COUNT_NANOS = 60_000_000_000L;

  private final UplinkSettings settings;
  private final UplinkTransportProvider provider;
  private final BatchSource store;
  private final CommandInbox commands;
  private final SampleSink events;
  private final Stamper stamper;
  private final Ticker ticker;
  private final WallClock clock;
  private final Counters counters;
  private final byte[] lastWill;
  private final Site site;
  private final DataMeter meter;
  private final Bell bell = new Bell();

  private final Inputs inputs;
  private final Session session;

  /** As it is for the server tried last. */
  private UplinkSettings at;

  private @Nullable UplinkTransport transport;
  private final AtomicLong sentBeside = new AtomicLong();
  private final AtomicLong receivedBeside = new AtomicLong();
  private long sentBefore;
  private long receivedBefore;
  private long lastAckMs;
  private long toldRate;
  private long sinceMs;
  private boolean wasResting;
  private Session.Phase shown = Session.Phase.WAITING;
  private volatile UplinkView view;

  public UplinkWorker(
      UplinkSettings settings,
      UplinkTransportProvider provider,
      BatchSource store,
      CommandInbox commands,
      SampleSink events,
      Stamper stamper,
      Ticker ticker,
      WallClock clock,
      Counters counters,
      RandomGenerator random,
      String version,
      String config,
      long epoch,
      Site site) {
    this.site = site;
    this.settings = settings;
    this.meter = new DataMeter(settings.line(), settings.keepAliveMs(), site);
    this.at = settings;
    this.provider = provider;
    this.store = store;
    this.commands = commands;
    this.events = events;
    this.stamper = stamper;
    this.ticker = ticker;
    this.clock = clock;
    this.counters = counters;
    this.inputs = new Inputs(bell, counters, "uplink." + settings.name() + ".flooded");
    this.lastWill = new State(false, epoch, stamper.boot(), version).encode();
    this.session =
        new Session(settings, new Self(stamper.boot(), version, config), random, new Doing());
    this.sinceMs = ticker.millis();
    this.view = look();
    store.onSealed(() -> inputs.add(session::sealed));
    if (!meter.pace().equals(Pace.USUAL)) {
      store.pace(settings.name(), meter.pace());
    }
  }

  public UplinkSettings settings() {
    return settings;
  }

  public UplinkView view() {
    return view;
  }

  @Override
  public String name() {
    return "uplink " + settings.name();
  }

  @Override
  public Bell bell() {
    return bell;
  }

  @Override
  public long step(long nowNanos) {
    inputs.run(nowNanos);
    session.tick(nowNanos);
    if (session.phase() != shown) {
      change(session.phase(), nowNanos);
    }
    tellRate();
    count(nowNanos);
    view = look();
    return inputs.isEmpty() ? Math.min(session.nextNanos(), nowNanos + COUNT_NANOS) : nowNanos;
  }

  private void change(Session.Phase now, long nowNanos) {
    if (now == Session.Phase.SENDING) {
      meter.up(nowNanos);
    } else if (shown == Session.Phase.SENDING) {
      meter.down(session.isResting(), nowNanos);
    }
    boolean isResting = now == Session.Phase.WAITING && session.isResting();
    if (now == Session.Phase.SENDING || shown == Session.Phase.SENDING || isResting || wasResting) {
      sinceMs = ticker.millis();
    }
    wasResting = isResting;
    shown = now;
  }

  /**
   * Bytes that went by this uplink's line beside its connection: the data plan pays for them too.
   * Any thread.
   */
  public void spent(long sent, long received) {
    sentBeside.addAndGet(sent);
    receivedBeside.addAndGet(received);
    bell.ring();
  }

  private void count(long nowNanos) {
    UplinkTransport now = transport;
    long[] bytes = now == null ? new long[2] : now.byteCounts();
    boolean isNews =
        meter.count(
            sentBefore + bytes[0] + sentBeside.get(),
            receivedBefore + bytes[1] + receivedBeside.get(),
            stamper.now(),
            nowNanos);
    if (isNews) {
      store.pace(settings.name(), meter.pace());
      note(
          "uplink.budget",
          meter.stage() == Thrift.NONE ? Severity.NOTICE : Severity.WARNING,
          Map.of(
              "uplink",
              settings.name(),
              "now",
              meter.stage().words(),
              "used",
              meter.usage().total(),
              "budget",
              settings.line().budgetBytes()));
      session.sealed(nowNanos);
    }
    if (session.isIdle() && meter.wantsLonger(nowNanos)) {
      session.renew(nowNanos);
    }
  }

  private void note(String kind, Severity severity, Map<String, Object> details) {
    if (!events.offer(new Event(stamper.now(), kind, severity, Event.NO_DEVICE, details))) {
      counters.increment("events.no_room");
    }
  }

  /** Twice or half of what was told: smaller changes change no batch, and each costs the card. */
  private void tellRate() {
    long rate = session.rate();
    if (rate > 0 && (toldRate == 0 || rate >= 2 * toldRate || 2 * rate <= toldRate)) {
      toldRate = rate;
      store.linkRate(settings.name(), rate);
    }
  }

  @Override
  public void close() {
    session.stop(ticker.nanos());
    closeTransport();
    count(ticker.nanos());
    meter.close(ticker.nanos());
    view = look();
  }

  /**
   * Sends the batches of a range once more, as far as they are on disk. Any thread.
   *
   * @param done told once, on the uplink thread, where it may do no more than enqueue and ring.
   */
  public void replay(Lane lane, long first, long last, ReplayDone done) {
    inputs.add(
        now ->
            session.replay(
                new Replay.Range(
                    lane,
                    first,
                    last,
                    result -> done.accept(result.batches(), result.bytes(), result.why())),
                now));
  }

  /** How a replay ended. */
  @FunctionalInterface
  public interface ReplayDone {
    /**
     * @param batches sent again; of them {@code bytes}.
     * @param why it ended before its end, or empty.
     */
    void accept(long batches, long bytes, String why);
  }

  private void closeTransport() {
    UplinkTransport old = transport;
    transport = null;
    inputs.dropConnection();
    if (old != null) {
      old.close();
      long[] bytes = old.byteCounts();
      sentBefore += bytes[0];
      receivedBefore += bytes[1];
    }
  }

  /** A user's name or password in the URI is nobody's business. */
  private static String address(URI uri) {
    return uri.getScheme() + "://" + uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort());
  }

  private UplinkView look() {
    UplinkTransport now = transport;
    long[] bytes = now == null ? new long[2] : now.byteCounts();
    long[] acked = new long[Lane.values().length];
    for (Lane lane : Lane.values()) {
      acked[lane.number()] = session.acked(lane);
    }
    String state =
        session.phase() == Session.Phase.WAITING && session.isRefused()
            ? "refused"
            : session.isResting() && session.phase() == Session.Phase.WAITING
                ? "resting"
                : session.phase().name().toLowerCase(Locale.ROOT);
    return new UplinkView(
        settings.name(),
        address(at.uri()),
        state,
        session.why(),
        sinceMs,
        session.phase() == Session.Phase.WAITING ? session.nextNanos() / 1_000_000 : 0,
        lastAckMs,
        sentBefore + bytes[0],
        receivedBefore + bytes[1],
        session.underWay(),
        acked,
        meter.usage(),
        meter.stage(),
        meter.keepAliveMs());
  }

  /** The session's effects, on the uplink thread. */
  private final class Doing implements Effects {
    @Override
    public void connect(int server) {
      closeTransport();
      at = settings.at(server).withKeepAlive(meter.keepAliveMs());
      UplinkTransport fresh = Connections.of(at, provider, lastWill, site, stamper);
      transport = fresh;
      fresh.open(
          new Hearing(
              settings.name(), inputs, session, commands, UplinkWorker.this::closeTransport));
    }

    @Override
    public void close() {
      closeTransport();
    }

    @Override
    public void send(UplinkTransport.Kind kind, long token, byte[] message) {
      if (transport != null) {
        transport.send(kind, token, message);
      }
    }

    @Override
    public void sendLightly(long token, byte[] batch) {
      if (transport != null) {
        transport.sendLightly(token, batch);
      }
    }

    @Override
    public void fetchMarks() {
      long asked = inputs.connection();
      store.marks(settings.name(), marks -> inputs.add(asked, now -> session.marks(marks, now)));
    }

    @Override
    public void fetch(Lane lane, long afterBseq) {
      long asked = inputs.connection();
      store.next(
          settings.name(),
          lane,
          afterBseq,
          found -> inputs.add(asked, now -> session.batch(lane, afterBseq, found, now)));
    }

    @Override
    public void fetchAgain(Lane lane, long afterBseq) {
      long asked = inputs.connection();
      store.next(
          settings.name(),
          lane,
          afterBseq,
          found -> inputs.add(asked, now -> session.replayed(lane, afterBseq, found, now)));
    }

    @Override
    public void fetchCatalog(long rev) {
      long asked = inputs.connection();
      store.catalog(rev, message -> inputs.add(asked, now -> session.catalog(rev, message, now)));
    }

    @Override
    public void acked(Lane lane, long epoch, long bseq) {
      lastAckMs = ticker.millis();
      store.ack(settings.name(), lane, epoch, bseq);
    }

    @Override
    public void refuse(Lane lane, long epoch, long bseq) {
      store.refuse(settings.name(), lane, epoch, bseq);
    }

    @Override
    public void link(boolean up) {
      store.link(settings.name(), up);
    }

    @Override
    public boolean holds(Lane lane) {
      return meter.holds(lane);
    }

    @Override
    public void offerTime(long utcMs, int uncMs) {
      clock.offer(utcMs, uncMs);
    }

    @Override
    public void note(String kind, Severity severity, Map<String, Object> details) {
      UplinkWorker.this.note(kind, severity, details);
    }

    @Override
    public void count(String what, long by) {
      counters.add("uplink." + settings.name() + "." + what, by);
    }
  }
}
