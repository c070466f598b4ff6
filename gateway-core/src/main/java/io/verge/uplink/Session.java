package io.verge.uplink;

import io.verge.bytes.Decoded;
import io.verge.model.Lane;
import io.verge.model.Severity;
import io.verge.store.StoreMarks;
import io.verge.store.StoredBatch;
import io.verge.uplink.UplinkTransport.Kind;
import io.verge.wire.Ack;
import io.verge.wire.AckCodec;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
 * <p>A connection says state and hello; the answering acks move the cursors; then batches go out,
 * oldest first within a lane, since the receiver commits a lane's batches in order (see {@link
 * Flow}). A batch is the store's until its ack.
 */
final class Session {
  /** A connection that held so long was good: the next one may come soon. */
  private static final long STABLE_NANOS = 60_000_000_000L;

  /** A transport that gets nowhere says so itself, and sooner. */
  private static final long CONNECT_NANOS_MIN = 45_000_000_000L;

  /** A back end's clock beyond the year 9999 is no clock. */
  private static final long UTC_MS_MAX = 253_402_300_799_999L;

  enum Phase {
    WAITING,
    CONNECTING,
    GREETING,
    SENDING,
    STOPPED
  }

  private final String name;
  private final Self self;
  private final long ackTimeoutNanos;
  private final boolean ackByBroker;
  private final RandomGenerator random;
  private final Effects effects;
  private final Flow flow;

  /** What was noted in this connection: once is news, more is noise somebody else controls. */
  private final Set<String> noted = new HashSet<>();

  /** Lanes whose first ack after the hello is still to come. */
  private final Set<Lane> greeted = new HashSet<>();

  private final Suspects suspects = new Suspects();
  private final CatalogErrand catalogs = new CatalogErrand();
  private final Replay replay = new Replay();
  private Phase phase = Phase.WAITING;
  private Attempts attempts;
  private long dueNanos;
  private long upNanos;
  private long helloNanos;
  private boolean saidHello;
  private long progressNanos;
  private long epoch;
  private long catalogRev;
  private String why = "";

  /** What the other side said to the last batch it could not take; empty since it took one. */
  private String rejection = "";

  private boolean refused;
  private final Rest rest;

  Session(UplinkSettings settings, Self self, RandomGenerator random, Effects effects) {
    this.name = settings.name();
    this.self = self;
    this.ackTimeoutNanos = settings.ackTimeoutMs() * 1_000_000;
    this.ackByBroker = settings.ackByBroker();
    this.random = random;
    this.effects = effects;
    this.attempts = Attempts.of(settings.servers().size());
    this.flow = new Flow(effects, settings.isInOrder(), settings.sendsLightly());
    this.rest = new Rest(settings.line().connectEveryMs());
  }

  Phase phase() {
    return phase;
  }

  /** Why the last connection ended; while it is up, what is in its way; or empty. */
  String why() {
    if (phase != Phase.SENDING) {
      return why;
    }
    String held = suspects.words();
    return held.isEmpty() ? rejection : held;
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
      case SENDING -> {
        long due = Math.min(catalogs.due(ackTimeoutNanos), flow.due(ackTimeoutNanos));
        due = Math.min(due, replay.fetchDue(ackTimeoutNanos));
        due = Math.min(due, replay.sendDue(ackTimeoutNanos));
        due = Math.min(due, rest.dueNanos());
        yield catalogs.isUnderWay() ? due : Math.min(due, flow.roomDue());
      }
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
    if (now >= catalogs.due(ackTimeoutNanos)) {
      tearDown(now, "the catalog was not taken");
      return;
    }
    if (now >= replay.sendDue(ackTimeoutNanos)) {
      tearDown(now, "a batch that was asked for again was not taken");
      return;
    }
    if (now >= replay.fetchDue(ackTimeoutNanos)) {
      effects.count("store_silent", 1);
      replay.forget();
    }
    boolean othersMove = now - progressNanos < ackTimeoutNanos;
    for (LaneWindow lane : flow.lanes()) {
      if (now >= lane.fetchDue(ackTimeoutNanos)) {
        effects.count("store_silent", 1);
        lane.fetchLost();
      }
      if (now >= lane.ackDue(ackTimeoutNanos) && lane.isLight()) {
        flow.sendConfirmed(lane);
      } else if (now >= lane.ackDue(ackTimeoutNanos)) {
        boolean refusedForGood = isRefusedForGood(lane);
        lane.stalled(now);
        if (!othersMove) {
          effects.count("silent_links", 1);
          tearDown(
              now, "connected, but no ack for " + (now - progressNanos) / 1_000_000_000 + " s");
          return;
        }
        flow.giveUpAndResend(lane);
        if (refusedForGood) {
          lane.relieved();
        }
      }
    }
    pump(now);
  }

  boolean isIdle() {
    return phase == Phase.SENDING && !catalogs.isUnderWay() && replay.isIdle() && flow.isIdle();
  }

  /** Hangs up for no fault, and connects anew when its time has come or something waits. */
  private void rest(long now) {
    flow.send(Kind.STATE, self.state(false, epoch), now);
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

  private boolean isRefusedForGood(LaneWindow lane) {
    long bseq = lane.arrivedAlone();
    if (bseq == 0 || !suspects.inVain(lane.lane(), bseq)) {
      return false;
    }
    effects.count("batches_refused", 1);
    effects.refuse(lane.lane(), epoch, bseq);
    return true;
  }

  /** The other side says that it can't take this message. */
  void rejected(long token, String reason, long now) {
    Flow.Sent sent = flow.done(token, now);
    if (sent == null) {
      return;
    }
    if (sent.isReplayed()) {
      replay.refused(reason);
      pump(now);
      return;
    }
    if (sent.kind() != Kind.BATCH) {
      tearDown(now, sent.kind().name().toLowerCase(Locale.ROOT) + ": " + reason);
      return;
    }
    effects.count("batches_rejected", 1);
    if (noted.add("rejected")) {
      effects.note(
          "uplink.batch-rejected",
          Severity.WARNING,
          Map.of("uplink", name, "lane", sent.lane().word(), "bseq", sent.bseq(), "why", reason));
    }
    rejection = sent.lane().word() + " batch " + sent.bseq() + ": " + reason;
    progressNanos = now;
    flow.lane(sent.lane()).rejected(sent.bseq());
    pump(now);
  }

  void up(long now) {
    if (phase == Phase.CONNECTING) {
      phase = Phase.GREETING;
      upNanos = now;
      progressNanos = now;
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
    effects.count("discarded", 1);
    if (noted.add("discarded")) {
      effects.note("uplink.discarded", Severity.ERROR, Map.of("uplink", name, "why", reason));
    }
  }

  void down(long now, String reason, boolean isRefused) {
    if (phase != Phase.WAITING && phase != Phase.STOPPED) {
      end(now, reason, isRefused, now);
    }
  }

  private void tearDown(long now, String reason) {
    effects.close();
    end(now, reason, false, progressNanos);
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
      effects.note(
          isRefused ? "uplink.refused" : "uplink.down",
          isRefused ? Severity.ERROR : Severity.WARNING,
          Map.of("uplink", name, "why", reason));
    }
  }

  private void leave(long connectNanos) {
    phase = Phase.WAITING;
    dueNanos = connectNanos;
    flow.forget();
    noted.clear();
    greeted.clear();
    catalogs.forget();
    replay.forget();
    saidHello = false;
  }

  void marks(StoreMarks marks, long now) {
    if (phase != Phase.GREETING || saidHello) {
      return;
    }
    epoch = marks.epoch();
    catalogRev = marks.catalogRev();
    flow.start(marks);
    greeted.addAll(List.of(Lane.values()));
    flow.send(Kind.STATE, self.state(true, epoch), now);
    saidHello = true;
    helloNanos = now;
    flow.send(Kind.HELLO, self.hello(marks), now);
  }

  private void begin(long now) {
    phase = Phase.SENDING;
    progressNanos = now;
    refused = false;
    why = "";
    effects.link(true);
    if (!rest.isResting()) {
      effects.note("uplink.up", Severity.NOTICE, Map.of("uplink", name));
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
    if (phase == Phase.SENDING && !catalogs.isUnderWay()) {
      flow.pump(now);
      Lane wanted = replay.wanted();
      if (wanted != null && flow.hasRoom() && flow.mayGo(now)) {
        effects.fetchAgain(wanted, replay.fetch(now));
      }
    }
    if (rest.isDue(isIdle(), now)) {
      rest(now);
    }
  }

  /** Somebody wants batches once more. */
  void replay(Replay.Range range, long now) {
    replay.ask(range);
    if (phase == Phase.WAITING && rest.isResting()) {
      dueNanos = now;
    }
    pump(now);
  }

  /** The store's answer to {@link Effects#fetchAgain}. */
  void replayed(Lane lane, long after, Optional<StoredBatch> found, long now) {
    if (phase != Phase.SENDING || catalogs.isUnderWay()) {
      replay.forget();
    } else if (replay.answered(lane, after, found.orElse(null), now)) {
      StoredBatch batch = found.orElseThrow();
      if (catalogs.wasBegun(batch.catalogRev())) {
        flow.sendAgain(batch, now);
      } else {
        // Who lost the batch may have lost its catalog; the batch is fetched again after it.
        replay.forget();
        sendCatalog(batch.catalogRev(), false, now);
      }
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
    LaneWindow window = flow.lane(lane);
    if (phase == Phase.SENDING && window.answered(after) && !catalogs.isUnderWay()) {
      if (found.isEmpty()) {
        window.exhausted();
      } else if (ackByBroker && !catalogs.wasBegun(found.get().catalogRev())) {
        // Who only subscribes can't ask for it; the batch is fetched again after it.
        sendCatalog(found.get().catalogRev(), false, now);
      } else if (found.get().bseq() > after) {
        flow.send(window, found.get(), now);
      }
    }
    pump(now);
  }

  void taken(long token, long now) {
    Flow.Sent sent = flow.done(token, now);
    if (sent == null) {
      return;
    }
    switch (sent.kind()) {
      case STATE -> {}
      case HELLO -> {
        if (ackByBroker && phase == Phase.GREETING) {
          begin(now);
        }
      }
      case CATALOG -> {
        if (catalogs.done()) {
          flow.lanes().forEach(flow::resend);
        }
      }
      case BATCH -> {
        LaneWindow lane = flow.lane(sent.lane());
        if (sent.isReplayed()) {
          replay.taken();
          pump(now);
          return;
        }
        long upTo = lane.taken(sent.bseq());
        if (ackByBroker && upTo > lane.acked()) {
          progress(lane, upTo, now);
        }
      }
    }
    pump(now);
  }

  void failed(long token, String reason, long now) {
    Flow.Sent sent = flow.done(token, now);
    if (sent != null && sent.isReplayed()) {
      replay.refused(reason);
      pump(now);
    } else if (sent != null) {
      tearDown(now, sent.kind().name().toLowerCase(Locale.ROOT) + ": " + reason);
    }
  }

  /** An ack message as it came. */
  void ack(byte[] message, long now) {
    Decoded<List<Ack>> decoded = AckCodec.decodeAll(message);
    if (decoded instanceof Decoded.Invalid<List<Ack>> invalid) {
      ignored("acks_invalid", invalid.reason());
      return;
    }
    for (Ack ack : decoded.orThrow()) {
      ack(ack, now);
    }
  }

  private void ignored(String count, String reason) {
    effects.count(count, 1);
    if (noted.add(count)) {
      effects.note("uplink.ack-ignored", Severity.WARNING, Map.of("uplink", name, "why", reason));
    }
  }

  private void ack(Ack ack, long now) {
    LaneWindow lane = flow.lane(ack.lane());
    if (!saidHello || phase != Phase.GREETING && phase != Phase.SENDING) {
      effects.count("acks_ignored", 1);
      return;
    }
    if (ack.epoch() != epoch || ack.bseq() < 0 || !lane.canBeAcked(ack.bseq())) {
      ignored(
          "acks_ignored",
          ack.epoch() != epoch
              ? "ack for another epoch"
              : "ack for batch " + ack.bseq() + ", which was not sent");
      return;
    }
    effects.count("acks", 1);
    offerTime(ack, lane, now);
    boolean answersHello = greeted.remove(ack.lane());
    if (ack.bseq() > lane.acked()) {
      progress(lane, ack.bseq(), now);
    } else if (answersHello && ack.bseq() < lane.acked() && lane.underWay() == 0) {
      effects.note(
          "uplink.rewound",
          Severity.WARNING,
          Map.of("uplink", name, "from", lane.acked(), "to", ack.bseq()));
      lane.rewind(ack.bseq());
    }
    if (phase == Phase.GREETING) {
      begin(now);
    }
    if (ack.needCatalog()) {
      needCatalog(lane.oldestRev(answersHello ? catalogRev : 0), now);
    }
    pump(now);
  }

  /**
   * @param rev of the oldest batch under way, which is the one that can't be read; 0: the need is
   *     older than what is under way.
   */
  private void needCatalog(long rev, long now) {
    if (rev > 0 && !catalogs.isUnderWay() && !catalogs.wasBegun(rev)) {
      sendCatalog(rev, true, now);
    }
  }

  private void sendCatalog(long rev, boolean needed, long now) {
    catalogs.begin(rev, needed, now);
    effects.fetchCatalog(rev);
  }

  /** The ack was made between its question and now. */
  private void offerTime(Ack ack, LaneWindow lane, long now) {
    long asked = greeted.contains(ack.lane()) ? helloNanos : lane.sentNanos(ack.bseq());
    if (asked > 0 && ack.nowMs() > 0 && ack.nowMs() <= UTC_MS_MAX) {
      long half = (now - asked) / 2_000_000;
      effects.offerTime(ack.nowMs() + half, (int) Math.min(Integer.MAX_VALUE, half + 1));
    }
  }

  private void progress(LaneWindow lane, long bseq, long now) {
    flow.acked(lane, bseq, now);
    rejection = "";
    suspects.committed(lane.lane(), bseq);
    progressNanos = now;
    effects.acked(lane.lane(), epoch, bseq);
  }

  void catalog(long rev, Optional<byte[]> message, long now) {
    if (phase != Phase.SENDING || !catalogs.isUnderWay()) {
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
      flow.send(Kind.STATE, self.state(false, epoch), now);
    }
    phase = Phase.STOPPED;
    replay.end("the gateway stops");
    effects.link(false);
  }
}
