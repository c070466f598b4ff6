package io.verge.uplink;

import io.verge.bytes.Decoded;
import io.verge.model.Lane;
import io.verge.store.StoreMarks;
import io.verge.store.StoredBatch;
import io.verge.uplink.UplinkTransport.Kind;
import io.verge.wire.Ack;
import io.verge.wire.AckCodec;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * What an uplink does next: a state machine without threads, clock or I/O. Inputs are its methods,
 * with the time as an argument; outputs are calls of {@link Effects}.
 *
 * <pre>
 * WAITING ──due──> CONNECTING ──up──> GREETING ──ack (or PUBACK of hello)──> SENDING
 *    ^                  │                 │                                     │
 *    └──── down, or nothing heard for ack_timeout, or a message refused ────────┘
 * </pre>
 *
 * <p>An uplink that connects only when needed comes back to WAITING by itself, see {@link Rest}.
 *
 * <p>A connection says state and hello; the answering acks move the cursors; then batches go out
 * (see {@link Delivery}), oldest first within a lane, since the receiver commits a lane's batches
 * in order. A batch is the store's until its ack.
 */
final class Session {
  /** A connection that held so long was good: the next one may come soon. */
  private static final long STABLE_NANOS = 60_000_000_000L;

  /** A transport that gets nowhere says so itself, and sooner. */
  private static final long CONNECT_NANOS_MIN = 45_000_000_000L;

  enum Phase {
    WAITING,
    CONNECTING,
    GREETING,
    SENDING,
    STOPPED
  }

  private final Self self;
  private final long ackTimeoutNanos;
  private final boolean ackByBroker;
  private final RandomGenerator random;
  private final Effects effects;
  private final SessionNews news;
  private final Flow flow;
  private final Delivery delivery;
  private final Acks acks;
  private final Rest rest;
  private Phase phase = Phase.WAITING;
  private Attempts attempts;
  private long dueNanos;
  private long upNanos;
  private boolean saidHello;
  private long catalogRev;
  private String why = "";
  private boolean refused;

  Session(UplinkSettings settings, Self self, RandomGenerator random, Effects effects) {
    this.self = self;
    this.ackTimeoutNanos = settings.ackTimeoutMs() * 1_000_000;
    this.ackByBroker = settings.ackByBroker();
    this.random = random;
    this.effects = effects;
    this.attempts = Attempts.of(settings.servers().size());
    this.news = new SessionNews(settings.name(), effects);
    this.flow = new Flow(effects, settings.isInOrder(), settings.sendsLightly());
    this.delivery = new Delivery(settings, effects, news, flow);
    this.acks = new Acks(effects, news, flow, delivery);
    this.rest = new Rest(settings.line().connectEveryMs());
  }

  Phase phase() {
    return phase;
  }

  /** Why the last connection ended; while it is up, what is in its way; or empty. */
  String why() {
    return phase == Phase.SENDING ? delivery.trouble() : why;
  }

  boolean isRefused() {
    return refused;
  }

  /** Not connected, and for no fault: nothing is left to send. */
  boolean isResting() {
    return rest.isResting();
  }

  long acked(Lane lane) {
    return flow.lane(lane).acked();
  }

  int underWay() {
    return flow.underWay();
  }

  /** Bytes a second that the link was seen to carry; 0: not known. */
  long rate() {
    return flow.rate();
  }

  /** When {@link #tick} wants to be called. */
  long nextNanos() {
    return switch (phase) {
      case WAITING, CONNECTING, GREETING -> dueNanos;
      case SENDING -> Math.min(delivery.dueNanos(), rest.dueNanos());
      case STOPPED -> Long.MAX_VALUE;
    };
  }

  void tick(long now) {
    if (now < nextNanos()) {
      return;
    }
    long seconds = ackTimeoutNanos / 1_000_000_000;
    switch (phase) {
      case WAITING -> {
        phase = Phase.CONNECTING;
        dueNanos = now + connectNanos();
        effects.connect(attempts.server());
      }
      case CONNECTING ->
          tearDown(now, "no connection within " + connectNanos() / 1_000_000_000 + " s");
      case GREETING -> tearDown(now, "no answer to hello within " + seconds + " s");
      case SENDING -> checkProgress(now);
      case STOPPED -> {}
    }
  }

  /** Connecting takes TCP, TLS, CONNECT and SUBSCRIBE, each a round trip or two. */
  private long connectNanos() {
    return Math.max(ackTimeoutNanos, CONNECT_NANOS_MIN);
  }

  private void checkProgress(long now) {
    String fault = delivery.check(now);
    if (fault.isEmpty()) {
      pump(now);
    } else {
      tearDown(now, fault);
    }
  }

  boolean isIdle() {
    return phase == Phase.SENDING && delivery.isIdle();
  }

  /** Hangs up for no fault, and connects anew when its time has come or something waits. */
  private void rest(long now) {
    flow.send(Kind.STATE, self.state(false, delivery.epoch()), now);
    effects.close();
    attempts = Attempts.of(attempts.servers());
    leave(rest.begin(now));
    why = "";
  }

  /**
   * Hangs up if nothing is under way, and connects anew.
   *
   * @return whether it has.
   */
  boolean renew(long now) {
    if (!isIdle()) {
      return false;
    }
    rest(now);
    dueNanos = now;
    return true;
  }

  /** The other side says that it can't take this message. */
  void rejected(long token, String reason, long now) {
    Flow.Sent sent = flow.done(token, now);
    if (sent == null) {
      return;
    }
    if (sent.kind() != Kind.BATCH) {
      tearDown(now, sent.kind().name().toLowerCase(Locale.ROOT) + ": " + reason);
      return;
    }
    delivery.rejected(sent, reason, now);
    pump(now);
  }

  void up(long now) {
    if (phase == Phase.CONNECTING) {
      phase = Phase.GREETING;
      upNanos = now;
      delivery.progressed(now);
      dueNanos = now + ackTimeoutNanos;
      effects.fetchMarks();
    }
  }

  /** Connected, but somebody else has to come first: keep-alives watch the link meanwhile. */
  void waiting(String reason) {
    if (phase == Phase.CONNECTING) {
      why = reason;
      dueNanos = Long.MAX_VALUE;
    }
  }

  /** The back end will never take a part of a batch, and what follows must not wait for it. */
  void discarded(String reason) {
    news.discarded(reason);
  }

  void down(long now, String reason, boolean isRefused) {
    if (phase != Phase.WAITING && phase != Phase.STOPPED) {
      end(now, reason, isRefused, now);
    }
  }

  private void tearDown(long now, String reason) {
    effects.close();
    end(now, reason, false, delivery.progressNanos());
  }

  /**
   * @param goodUntil until when the connection was worth having.
   */
  private void end(long now, String reason, boolean isRefused, long goodUntil) {
    boolean wasUp = phase == Phase.SENDING;
    effects.count("breaks", wasUp ? 1 : 0);
    boolean lasted = wasUp && !isRefused && goodUntil - upNanos >= STABLE_NANOS;
    attempts = lasted ? attempts.lasted() : attempts.failed(isRefused);
    refused = isRefused;
    boolean isNew = wasUp || !reason.equals(why);
    why = reason;
    rest.failed();
    leave(now + attempts.nanos(random));
    effects.link(false);
    if (isNew) {
      news.down(isRefused, reason);
    }
  }

  private void leave(long connectNanos) {
    phase = Phase.WAITING;
    dueNanos = connectNanos;
    delivery.forget();
    news.forget();
    acks.forget();
    saidHello = false;
  }

  void marks(StoreMarks marks, long now) {
    if (phase != Phase.GREETING || saidHello) {
      return;
    }
    catalogRev = marks.catalogRev();
    delivery.start(marks);
    flow.send(Kind.STATE, self.state(true, delivery.epoch()), now);
    saidHello = true;
    acks.asked(now);
    flow.send(Kind.HELLO, self.hello(marks), now);
  }

  private void begin(long now) {
    phase = Phase.SENDING;
    delivery.progressed(now);
    refused = false;
    why = "";
    effects.link(true);
    if (!rest.isResting()) {
      news.up();
    }
    rest.up(now);
  }

  /** The store has sealed something. */
  void sealed(long now) {
    flow.lanes().forEach(LaneWindow::sealed);
    if (phase == Phase.WAITING && rest.isResting()) {
      for (LaneWindow lane : flow.lanes()) {
        effects.fetch(lane.lane(), lane.acked());
      }
    }
    pump(now);
  }

  private void pump(long now) {
    if (phase == Phase.SENDING) {
      delivery.pump(now);
    }
    if (rest.isDue(isIdle(), now)) {
      rest(now);
    }
  }

  /** Somebody wants batches once more. */
  void replay(Replay.Range range, long now) {
    delivery.replay(range);
    if (phase == Phase.WAITING && rest.isResting()) {
      dueNanos = now;
    }
    pump(now);
  }

  /** The store's answer to {@link Effects#fetchAgain}. */
  void replayed(Lane lane, long after, Optional<StoredBatch> found, long now) {
    if (phase == Phase.SENDING) {
      delivery.replayed(lane, after, found.orElse(null), now);
    }
    pump(now);
  }

  /**
   * The store's answer to a fetch.
   *
   * @param after what was asked for: answers from before a resend don't fit any more.
   */
  void batch(Lane lane, long after, Optional<StoredBatch> found, long now) {
    if (phase == Phase.WAITING && rest.isResting()) {
      boolean calls = found.isPresent() && !effects.holds(lane);
      dueNanos = calls && rest.isWorthIt(lane == Lane.EVENT, now) ? now : dueNanos;
      return;
    }
    if (phase == Phase.SENDING) {
      delivery.batch(lane, after, found, now);
    }
    pump(now);
  }

  void taken(long token, long now) {
    Flow.Sent sent = flow.done(token, now);
    if (sent == null) {
      return;
    }
    if (sent.kind() != Kind.HELLO) {
      delivery.taken(sent, now);
    } else if (ackByBroker && phase == Phase.GREETING) {
      begin(now);
    }
    pump(now);
  }

  void failed(long token, String reason, long now) {
    Flow.Sent sent = flow.done(token, now);
    if (sent != null && sent.isReplayed()) {
      delivery.rejected(sent, reason, now);
      pump(now);
    } else if (sent != null) {
      tearDown(now, sent.kind().name().toLowerCase(Locale.ROOT) + ": " + reason);
    }
  }

  /** An ack message as it came. */
  void ack(byte[] message, long now) {
    Decoded<List<Ack>> decoded = AckCodec.decodeAll(message);
    if (decoded instanceof Decoded.Invalid<List<Ack>> invalid) {
      news.ackIgnored("acks_invalid", invalid.reason());
      return;
    }
    for (Ack ack : decoded.orThrow()) {
      ack(ack, now);
    }
  }

  private void ack(Ack ack, long now) {
    if (!saidHello || phase != Phase.GREETING && phase != Phase.SENDING) {
      effects.count("acks_ignored", 1);
      return;
    }
    if (!acks.canBe(ack)) {
      return;
    }
    boolean answersHello = acks.take(ack, now);
    if (phase == Phase.GREETING) {
      begin(now);
    }
    if (ack.needCatalog()) {
      long rev = flow.lane(ack.lane()).oldestRev(answersHello ? catalogRev : 0);
      delivery.needCatalog(rev, now);
    }
    pump(now);
  }

  void catalog(long rev, Optional<byte[]> message, long now) {
    if (phase != Phase.SENDING || !delivery.awaitsCatalog()) {
      return;
    }
    if (message.isEmpty()) {
      tearDown(now, "catalog " + rev + " is not in the store");
      return;
    }
    flow.send(Kind.CATALOG, message.get(), now);
  }

  /** The last words before a stop in order. */
  void stop(long now) {
    if (saidHello) {
      flow.send(Kind.STATE, self.state(false, delivery.epoch()), now);
    }
    phase = Phase.STOPPED;
    delivery.end("the gateway stops");
    effects.link(false);
  }
}
