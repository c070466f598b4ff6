package io.verge.uplink;

import io.verge.bytes.Decoded;
import io.verge.model.Lane;
import io.verge.model.Severity;
import io.verge.store.StoreMarks;
import io.verge.store.StoredBatch;
import io.verge.uplink.UplinkTransport.Kind;
import io.verge.wire.Ack;
import io.verge.wire.AckCodec;
import io.verge.wire.Hello;
import io.verge.wire.HelloCodec;
import io.verge.wire.State;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * What an uplink does next: a state machine without threads, clock or I/O. Inputs are its methods,
 * with the time as an argument; outputs are calls of {@link Effects}.
 *
 * <p>A connection says state and hello; the answering acks move the cursors; then batches go out,
 * events first, then meters, then telemetry, oldest first within a lane, since the receiver commits
 * a lane's batches in order. A batch is the store's until its ack.
 */
final class Session {
  /** Batches under way at a time (design section 8). */
  static final int WINDOW = 8;

  /** Of the window, what telemetry and meters leave to events. */
  private static final int EVENT_SLOTS = 1;

  /** A connection that held so long was good: the next one may come soon. */
  private static final long STABLE_NANOS = 60_000_000_000L;

  /** What the machine makes its worker do. */
  interface Effects {
    void connect();

    void close();

    void send(Kind kind, long token, byte[] message);

    /** Answered by {@link #marks}. */
    void fetchMarks();

    /** Answered by {@link #batch}. */
    void fetch(Lane lane, long afterBseq);

    /** Answered by {@link #catalog}. */
    void fetchCatalog(long rev);

    void acked(Lane lane, long epoch, long bseq);

    void link(boolean up);

    void offerTime(long utcMs, int uncMs);

    void note(String kind, Severity severity, Map<String, Object> details);

    void count(String what, long by);
  }

  enum Phase {
    WAITING,
    CONNECTING,
    GREETING,
    SENDING,
    STOPPED
  }

  /** Where a lane stands in this connection. */
  private static final class LaneState {
    final Deque<Long> underWay = new ArrayDeque<>();
    long acked;
    long sent;
    boolean fetching;
    boolean exhausted;
    long rev;
  }

  /** What a token stands for. */
  private record Sent(Kind kind, Lane lane, long bseq, long atNanos) {}

  private final String name;
  private final long boot;
  private final String version;
  private final String config;
  private final long ackTimeoutNanos;
  private final boolean ackByBroker;
  private final RandomGenerator random;
  private final Effects effects;
  private final LaneState[] lanes = new LaneState[Lane.values().length];
  private final Map<Long, Sent> tokens = new HashMap<>();
  private Phase phase = Phase.WAITING;
  private Backoff backoff = Backoff.NONE;
  private long dueNanos;
  private long upNanos;
  private long progressNanos;
  private long epoch;
  private long catalogRev;
  private boolean catalogUnderWay;
  private long nextToken = 1;
  private long askedNanos;
  private String why = "";
  private boolean refused;

  Session(
      UplinkSettings settings,
      long boot,
      String version,
      String config,
      RandomGenerator random,
      Effects effects) {
    this.name = settings.name();
    this.boot = boot;
    this.version = version;
    this.config = config;
    this.ackTimeoutNanos = settings.ackTimeoutMs() * 1_000_000;
    this.ackByBroker = settings.ackByBroker();
    this.random = random;
    this.effects = effects;
    forget();
  }

  Phase phase() {
    return phase;
  }

  /** Why the last connection ended, or empty. */
  String why() {
    return why;
  }

  boolean isRefused() {
    return refused;
  }

  long acked(Lane lane) {
    return lanes[lane.number()].acked;
  }

  int underWay() {
    int all = 0;
    for (LaneState lane : lanes) {
      all += lane.underWay.size();
    }
    return all;
  }

  /** When {@link #tick} wants to be called. */
  long nextNanos() {
    return switch (phase) {
      case WAITING, CONNECTING, GREETING -> dueNanos;
      case SENDING -> underWay() > 0 ? progressNanos + ackTimeoutNanos : Long.MAX_VALUE;
      case STOPPED -> Long.MAX_VALUE;
    };
  }

  void tick(long now) {
    switch (phase) {
      case WAITING -> {
        if (now >= dueNanos) {
          phase = Phase.CONNECTING;
          dueNanos = now + ackTimeoutNanos;
          effects.connect();
        }
      }
      case CONNECTING, GREETING -> {
        if (now >= dueNanos) {
          tearDown(
              now,
              phase == Phase.CONNECTING
                  ? "no connection within " + ackTimeoutNanos / 1_000_000_000 + " s"
                  : "no answer to hello within " + ackTimeoutNanos / 1_000_000_000 + " s");
        }
      }
      case SENDING -> {
        if (underWay() > 0 && now - progressNanos >= ackTimeoutNanos) {
          effects.count("silent_links", 1);
          tearDown(
              now, "connected, but no ack for " + (now - progressNanos) / 1_000_000_000 + " s");
        }
      }
      case STOPPED -> {}
    }
  }

  void up(long now) {
    if (phase != Phase.CONNECTING) {
      return;
    }
    phase = Phase.GREETING;
    upNanos = now;
    dueNanos = now + ackTimeoutNanos;
    effects.fetchMarks();
  }

  void down(long now, String reason, boolean isRefused) {
    if (phase == Phase.WAITING || phase == Phase.STOPPED) {
      return;
    }
    boolean wasUp = phase == Phase.SENDING;
    boolean stable = upNanos > 0 && now - upNanos >= STABLE_NANOS;
    if (stable) {
      backoff = Backoff.NONE;
    }
    backoff = isRefused ? backoff.refused() : backoff.failed();
    refused = isRefused;
    boolean isNew = wasUp || !reason.equals(why);
    why = reason;
    phase = Phase.WAITING;
    dueNanos = now + backoff.nanos(random);
    forget();
    effects.link(false);
    if (isNew) {
      effects.note(
          isRefused ? "uplink.refused" : "uplink.down",
          isRefused ? Severity.ERROR : Severity.WARNING,
          Map.of("uplink", name, "why", reason));
    }
  }

  private void tearDown(long now, String reason) {
    effects.close();
    down(now, reason, false);
  }

  /** Batches numbered before this connection are fetched anew from the store. */
  private void forget() {
    tokens.clear();
    upNanos = 0;
    catalogUnderWay = false;
    for (int i = 0; i < lanes.length; i++) {
      long acked = lanes[i] == null ? 0 : lanes[i].acked;
      lanes[i] = new LaneState();
      lanes[i].acked = acked;
    }
  }

  void marks(StoreMarks marks, long now) {
    if (phase != Phase.GREETING) {
      return;
    }
    epoch = marks.epoch();
    catalogRev = marks.catalogRev();
    for (Lane lane : Lane.values()) {
      LaneState state = lanes[lane.number()];
      state.acked = marks.oldest()[lane.number()] - 1;
      state.sent = state.acked;
    }
    send(Kind.STATE, Lane.EVENT, 0, new State(true, epoch, boot, version).encode(), now);
    askedNanos = now;
    send(
        Kind.HELLO,
        Lane.EVENT,
        0,
        HelloCodec.encode(
            new Hello(
                epoch, boot, marks.oldest(), marks.next(), marks.catalogRev(), config, version)),
        now);
  }

  private void send(Kind kind, Lane lane, long bseq, byte[] message, long now) {
    long token = nextToken++;
    tokens.put(token, new Sent(kind, lane, bseq, now));
    effects.send(kind, token, message);
  }

  private void begin(long now) {
    phase = Phase.SENDING;
    progressNanos = now;
    refused = false;
    why = "";
    effects.link(true);
    effects.note("uplink.up", Severity.NOTICE, Map.of("uplink", name));
    pump();
  }

  /** The store has sealed something. */
  void sealed() {
    for (LaneState lane : lanes) {
      lane.exhausted = false;
    }
    pump();
  }

  private void pump() {
    if (phase != Phase.SENDING || catalogUnderWay) {
      return;
    }
    int all = underWay();
    for (Lane lane : Lane.values()) {
      LaneState state = lanes[lane.number()];
      int room = lane == Lane.EVENT ? WINDOW : WINDOW - EVENT_SLOTS;
      if (state.fetching) {
        all++;
      } else if (!state.exhausted && all < room) {
        state.fetching = true;
        all++;
        effects.fetch(lane, state.sent);
      }
    }
  }

  void batch(Lane lane, Optional<StoredBatch> found, long now) {
    LaneState state = lanes[lane.number()];
    if (phase != Phase.SENDING || !state.fetching) {
      return;
    }
    state.fetching = false;
    if (found.isEmpty()) {
      state.exhausted = true;
    } else if (!catalogUnderWay && found.get().bseq() > state.sent) {
      StoredBatch batch = found.get();
      if (underWay() == 0) {
        progressNanos = now;
      }
      state.sent = batch.bseq();
      state.rev = batch.catalogRev();
      state.underWay.add(batch.bseq());
      effects.count("batches_sent", 1);
      effects.count("batch_bytes", batch.message().length);
      send(Kind.BATCH, lane, batch.bseq(), batch.message(), now);
    }
    pump();
  }

  void taken(long token, long now) {
    Sent sent = tokens.get(token);
    if (sent == null) {
      return;
    }
    if (sent.kind() != Kind.BATCH) {
      tokens.remove(token);
    }
    if (sent.kind() == Kind.CATALOG) {
      catalogUnderWay = false;
      resendAll();
      pump();
    } else if (ackByBroker && sent.kind() == Kind.HELLO && phase == Phase.GREETING) {
      begin(now);
    } else if (ackByBroker && sent.kind() == Kind.BATCH) {
      progress(sent.lane(), sent.bseq(), now);
      pump();
    }
  }

  void failed(long token, String reason, long now) {
    Sent sent = tokens.remove(token);
    if (sent != null) {
      tearDown(now, sent.kind().name().toLowerCase(java.util.Locale.ROOT) + ": " + reason);
    }
  }

  /** An ack message as it came. */
  void ack(byte[] message, long now) {
    Decoded<List<Ack>> decoded = AckCodec.decodeAll(message);
    if (decoded instanceof Decoded.Invalid<List<Ack>> invalid) {
      effects.count("acks_invalid", 1);
      effects.note(
          "uplink.ack-invalid", Severity.WARNING, Map.of("uplink", name, "why", invalid.reason()));
      return;
    }
    for (Ack ack : decoded.orThrow()) {
      ack(ack, now);
    }
  }

  private void ack(Ack ack, long now) {
    boolean isConnected = phase == Phase.GREETING && askedNanos > 0 || phase == Phase.SENDING;
    LaneState state = lanes[ack.lane().number()];
    if (!isConnected || ack.epoch() != epoch) {
      effects.count("acks_ignored", 1);
      return;
    }
    effects.count("acks", 1);
    long asked = askedNanos(ack);
    if (ack.nowMs() > 0 && asked > 0) {
      effects.offerTime(
          ack.nowMs(), (int) Math.min(Integer.MAX_VALUE, (now - asked) / 2_000_000 + 1));
    }
    if (ack.bseq() > state.acked) {
      progress(ack.lane(), ack.bseq(), now);
    }
    if (phase == Phase.GREETING) {
      begin(now);
    }
    if (ack.needCatalog() && !catalogUnderWay) {
      catalogUnderWay = true;
      progressNanos = now;
      effects.fetchCatalog(state.underWay.isEmpty() ? catalogRev : state.rev);
    }
    pump();
  }

  /** When that was sent which this ack answers; 0 if nobody can say. */
  private long askedNanos(Ack ack) {
    if (phase == Phase.GREETING) {
      return askedNanos;
    }
    for (Sent sent : tokens.values()) {
      if (sent.kind() == Kind.BATCH && sent.lane() == ack.lane() && sent.bseq() == ack.bseq()) {
        return sent.atNanos();
      }
    }
    return 0;
  }

  private void progress(Lane lane, long bseq, long now) {
    LaneState state = lanes[lane.number()];
    state.acked = Math.max(state.acked, bseq);
    state.sent = Math.max(state.sent, bseq);
    while (!state.underWay.isEmpty() && state.underWay.peek() <= bseq) {
      state.underWay.remove();
    }
    tokens.values().removeIf(s -> s.kind() == Kind.BATCH && s.lane() == lane && s.bseq() <= bseq);
    progressNanos = now;
    effects.acked(lane, epoch, bseq);
  }

  void catalog(long rev, Optional<byte[]> message, long now) {
    if (phase != Phase.SENDING || !catalogUnderWay) {
      return;
    }
    if (message.isEmpty()) {
      tearDown(now, "catalog " + rev + " is not in the store");
      return;
    }
    send(Kind.CATALOG, Lane.EVENT, rev, message.get(), now);
  }

  /** What went out before the catalog was refused there: it goes again, from the ack on. */
  private void resendAll() {
    for (LaneState state : lanes) {
      effects.count("batches_resent", state.underWay.size());
      state.underWay.clear();
      state.sent = state.acked;
      state.exhausted = false;
    }
    tokens.values().removeIf(sent -> sent.kind() == Kind.BATCH);
  }

  /** The last words before a stop in order. */
  void stop(long now) {
    if (phase == Phase.SENDING || phase == Phase.GREETING) {
      send(Kind.STATE, Lane.EVENT, 0, new State(false, epoch, boot, version).encode(), now);
    }
    phase = Phase.STOPPED;
    effects.link(false);
  }
}
