package io.verge.uplink;

import io.verge.model.Lane;
import io.verge.store.StoreMarks;
import io.verge.store.StoredBatch;
import io.verge.uplink.UplinkTransport.Kind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

  private Lane turn = Lane.METER;
  private long nextToken = 1;

  Flow(Effects effects) {
    this.effects = effects;
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

  void start(StoreMarks marks) {
    for (LaneWindow lane : lanes) {
      int number = lane.lane().number();
      lane.start(marks.oldest()[number], marks.next()[number]);
    }
  }

  /** What is under way is lost with its connection; the store has it still. */
  void forget() {
    tokens.clear();
    lanes.forEach(LaneWindow::reset);
  }

  void send(Kind kind, byte[] message) {
    long token = nextToken++;
    tokens.put(token, new Sent(kind, Lane.EVENT, 0, false));
    effects.send(kind, token, message);
  }

  void send(LaneWindow lane, StoredBatch batch, long now) {
    long token = nextToken++;
    lane.send(new LaneWindow.Flying(batch.bseq(), batch.catalogRev(), now));
    tokens.put(token, new Sent(Kind.BATCH, lane.lane(), batch.bseq(), false));
    turn = lane.lane() == Lane.EVENT ? turn : other(lane.lane());
    effects.count("batches_sent", 1);
    effects.count("batch_bytes", batch.message().length);
    effects.send(Kind.BATCH, token, batch.message());
  }

  /** A batch that is nobody's turn: its ack, if there is one, moves nothing. */
  void sendAgain(StoredBatch batch) {
    long token = nextToken++;
    tokens.put(token, new Sent(Kind.BATCH, batch.lane(), batch.bseq(), true));
    effects.count("batches_replayed", 1);
    effects.send(Kind.BATCH, token, batch.message());
  }

  /** The transport is done with a token: null if nobody waits for it any more. */
  @Nullable Sent done(long token) {
    return tokens.remove(token);
  }

  /** Asks the store for what there is room for. */
  void pump(long now) {
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
    if (slots < WINDOW && hasRoom()) {
      effects.fetch(lane.lane(), lane.fetch(now));
    }
  }

  /** Whether the transport would take one more message. */
  boolean hasRoom() {
    long sending = tokens.values().stream().filter(sent -> sent.kind() == Kind.BATCH).count();
    return sending + lanes.stream().mapToInt(lane -> lane.used() - lane.underWay()).sum() < WINDOW;
  }

  void acked(LaneWindow lane, long bseq, long now) {
    lane.acked(bseq, now);
    tokens.values().removeIf(sent -> sent.isOf(lane.lane()) && sent.bseq() <= bseq);
  }

  /** What went out and was not committed goes again, from the ack on. */
  void resend(LaneWindow lane) {
    effects.count("batches_resent", lane.underWay());
    lane.restart();
  }

  /** The same for a lane whose messages are not waited for any more. */
  void giveUpAndResend(LaneWindow lane) {
    tokens.values().removeIf(sent -> sent.isOf(lane.lane()));
    resend(lane);
  }
}
