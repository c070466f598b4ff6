package io.verge.uplink;

import io.verge.model.Lane;
import io.verge.store.StoreMarks;
import io.verge.store.StoredBatch;
import io.verge.uplink.UplinkTransport.Kind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is under way in one connection, and which lane goes next. Events go first, meters and
 * telemetry take turns, and every lane keeps a slot of the window, so that live data of one lane
 * never waits behind the backlog of another. Uplink thread only.
 */
final class Flow {
  /** Batches under way at a time (design section 8). */
  static final int WINDOW = 8;

  /** What a token stands for; lane and number mean something for batches only. */
  record Sent(Kind kind, Lane lane, long bseq, boolean isReplayed) {
    boolean isOf(Lane other) {
      return kind == Kind.BATCH && lane == other && !isReplayed;
    }
  }

  private final Effects effects;
  private final List<LaneWindow> lanes = Stream.of(Lane.values()).map(LaneWindow::new).toList();

  /** Messages that the transport has not yet taken. */
  private final Map<Long, Sent> tokens = new HashMap<>();

  /** Of a link on which what was handed over can't be overtaken; null: there is no such order. */
  private final @Nullable Pace pace;

  /** Whether short batches of meters and telemetry go lightly the first time. */
  private final boolean lightly;

  private boolean held;
  private Lane turn = Lane.METER;
  private long nextToken = 1;

  Flow(Effects effects, boolean inOrder, boolean lightly) {
    this.effects = effects;
    this.pace = inOrder ? new Pace() : null;
    this.lightly = lightly;
  }

  /** Bytes a second that the link carries; 0: not known, or nobody measures it. */
  long rate() {
    return pace == null ? 0 : pace.rate();
  }

  List<LaneWindow> lanes() {
    return lanes;
  }

  LaneWindow lane(Lane lane) {
    return lanes.get(lane.number());
  }

  int underWay() {
    return lanes.stream().mapToInt(LaneWindow::underWay).sum();
  }

  /** Nothing is under way, and the store has nothing more that may go. */
  boolean isIdle() {
    return tokens.values().stream().noneMatch(sent -> sent.kind() == Kind.BATCH)
        && lanes.stream()
            .allMatch(
                lane -> lane.used() == 0 && (lane.isExhausted() || effects.holds(lane.lane())));
  }

  /** When waiting for an ack or for the store ends first. */
  long due(long timeoutNanos) {
    long due = Long.MAX_VALUE;
    for (LaneWindow lane : lanes) {
      due = Math.min(due, lane.ackDue(timeoutNanos));
      due = Math.min(due, lane.fetchDue(timeoutNanos));
    }
    return due;
  }

  /** When {@link #pump} should be called again since the link has room by then. */
  long roomDue() {
    return pace != null && held ? pace.roomNanos() : Long.MAX_VALUE;
  }

  void start(StoreMarks marks) {
    for (LaneWindow lane : lanes) {
      int number = lane.lane().number();
      lane.start(marks.epoch(), marks.oldest()[number], marks.seen()[number]);
    }
  }

  /** What is under way is lost with its connection; the store has it still. */
  void forget() {
    tokens.clear();
    held = false;
    if (pace != null) {
      pace.forget();
    }
    lanes.forEach(LaneWindow::reset);
  }

  void send(Kind kind, byte[] message, long now) {
    long token = token(message, now);
    tokens.put(token, new Sent(kind, Lane.EVENT, 0, false));
    effects.send(kind, token, message);
  }

  private long token(byte[] message, long now) {
    long token = nextToken++;
    if (pace != null) {
      pace.handed(token, message.length, now);
    }
    return token;
  }

  void send(LaneWindow lane, StoredBatch batch, long now) {
    long token = token(batch.message(), now);
    boolean isLight =
        lightly && lane.maySendLightly() && batch.message().length < UplinkTransport.SHORT_BYTES;
    lane.send(new LaneWindow.Flying(batch.bseq(), batch.catalogRev(), now, isLight));
    tokens.put(token, new Sent(Kind.BATCH, lane.lane(), batch.bseq(), false));
    turn = lane.lane() == Lane.EVENT ? turn : other(lane.lane());
    effects.count("batches_sent", 1);
    effects.count("batch_bytes", batch.message().length);
    if (isLight) {
      effects.sendLightly(token, batch.message());
    } else {
      effects.send(Kind.BATCH, token, batch.message());
    }
  }

  /** A batch that is nobody's turn: its ack, if there is one, moves nothing. */
  void sendAgain(StoredBatch batch, long now) {
    long token = token(batch.message(), now);
    tokens.put(token, new Sent(Kind.BATCH, batch.lane(), batch.bseq(), true));
    effects.count("batches_replayed", 1);
    effects.send(Kind.BATCH, token, batch.message());
  }

  /** The transport is done with a token: null if nobody waits for it any more. */
  @Nullable Sent done(long token, long now) {
    if (pace != null) {
      pace.taken(token, now);
    }
    return tokens.remove(token);
  }

  /** Asks the store for what there is room for. */
  void pump(long now) {
    held = false;
    fetch(lane(Lane.EVENT), now);
    Lane first = turn;
    fetch(lane(first), now);
    fetch(lane(other(first)), now);
  }

  private static Lane other(Lane lane) {
    return lane == Lane.METER ? Lane.TELEMETRY : Lane.METER;
  }

  private void fetch(LaneWindow lane, long now) {
    if (!lane.wantsMore() || effects.holds(lane.lane())) {
      return;
    }
    int slots = 0;
    for (LaneWindow each : lanes) {
      slots += each == lane ? each.used() : Math.max(1, each.used());
    }
    if (slots < WINDOW && hasRoom() && mayGo(lane, now)) {
      effects.fetch(lane.lane(), lane.fetch(now));
    }
  }

  /** Events go at once; of the backlog one batch after the other where the link is slow. */
  private boolean mayGo(LaneWindow lane, long now) {
    return lane.lane() == Lane.EVENT || mayGo(now);
  }

  /** Whether a batch may go that no event should have to wait for. */
  boolean mayGo(long now) {
    if (pace == null) {
      return true;
    }
    if (!pace.hasRoom(now)) {
      held = true;
      return false;
    }
    // The store's answer to another lane comes first, and pumps again.
    return !pace.isSlow()
        || lanes.stream()
            .allMatch(other -> other.lane() == Lane.EVENT || other.used() == other.underWay());
  }

  /** Whether the transport would take one more message. */
  boolean hasRoom() {
    long sending = tokens.values().stream().filter(sent -> sent.kind() == Kind.BATCH).count();
    return sending + lanes.stream().mapToInt(lane -> lane.used() - lane.underWay()).sum() < WINDOW;
  }

  void acked(LaneWindow lane, long bseq, long now) {
    lane.acked(bseq, now);
    removeIf(sent -> sent.isOf(lane.lane()) && sent.bseq() <= bseq, now);
  }

  /** What went out and was not committed goes again, from the ack on. */
  void resend(LaneWindow lane) {
    effects.count("batches_resent", lane.underWay());
    lane.restart();
  }

  /** The same for a lane whose messages are not waited for any more. */
  void giveUpAndResend(LaneWindow lane) {
    giveUp(lane);
    resend(lane);
  }

  /** What went lightly was not acked: it goes again, and the transport is to say that it did. */
  void sendConfirmed(LaneWindow lane) {
    giveUp(lane);
    effects.count("batches_resent", lane.underWay());
    lane.lightlyLost();
  }

  private void giveUp(LaneWindow lane) {
    tokens
        .entrySet()
        .removeIf(
            entry -> {
              boolean gone = entry.getValue().isOf(lane.lane());
              if (gone && pace != null) {
                pace.dropped(entry.getKey());
              }
              return gone;
            });
  }

  /** Acked before the transport told: it has been taken all the same. */
  private void removeIf(Predicate<Sent> which, long now) {
    tokens
        .entrySet()
        .removeIf(
            entry -> {
              boolean gone = which.test(entry.getValue());
              if (gone && pace != null) {
                pace.taken(entry.getKey(), now);
              }
              return gone;
            });
  }
}
