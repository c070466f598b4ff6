package io.verge.uplink;

import io.verge.model.Lane;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

/**
 * Where one lane stands in a session: what is acked, what is under way, and what the store was
 * asked for. Uplink thread only.
 */
final class LaneWindow {
  /** Longest wait of a lane that gets nowhere: {@code ack_timeout} times 32. */
  private static final int STALL_DOUBLINGS_MAX = 5;

  /** The same where the link did its part: {@code ack_timeout} times 4. */
  private static final int ARRIVED_DOUBLINGS_MAX = 2;

  /**
   * A batch sent and not acked.
   *
   * @param lightly the transport was not asked for a confirmation.
   */
  record Flying(long bseq, long rev, long atNanos, boolean lightly) {}

  private final Lane lane;
  private final Deque<Flying> underWay = new ArrayDeque<>();
  private final Set<Long> taken = new HashSet<>();

  /** Of what is under way, what the other side says that it can't take; 0: nothing. */
  private long rejected;

  private long acked;
  private long sent;

  /** No batch above it can have left; outlives a connection. */
  private long ceiling;

  private long ofEpoch;

  private boolean fetching;
  private long fetchAfter;
  private long fetchNanos;
  private boolean exhausted;
  private long progressNanos;

  /** Since when the lane waits for what was sent lightly and goes again; 0: nothing does. */
  private long lostSinceNanos;

  /** Times in a row that the lane timed out without progress; outlives a connection. */
  private int stalls;

  LaneWindow(Lane lane) {
    this.lane = lane;
  }

  Lane lane() {
    return lane;
  }

  long acked() {
    return acked;
  }

  int underWay() {
    return underWay.size();
  }

  /** The catalog revision that the oldest batch under way names. */
  long oldestRev(long otherwise) {
    Flying oldest = underWay.peek();
    return oldest == null ? otherwise : oldest.rev();
  }

  /** Batches under way, and one that the store was asked for. */
  int used() {
    return underWay.size() + (fetching ? 1 : 0);
  }

  /** Whether the lane could send more, given a slot. One that stalled goes batch by batch. */
  boolean wantsMore() {
    return !fetching && !exhausted && (stalls == 0 || underWay.isEmpty());
  }

  /** A new connection: nothing is under way. */
  void reset() {
    underWay.clear();
    taken.clear();
    rejected = 0;
    fetching = false;
    exhausted = false;
    lostSinceNanos = 0;
  }

  /**
   * What the store says for a hello.
   *
   * @param seen what may have left before this run: of what left since, the lane itself knows more.
   */
  void start(long epoch, long oldest, long seen) {
    acked = oldest - 1;
    sent = acked;
    ceiling = Math.max(acked, epoch == ofEpoch ? ceiling : seen);
    ofEpoch = epoch;
  }

  /** The back end answered the hello with a lower number: it was restored from older data. */
  void rewind(long mark) {
    acked = mark;
    restart();
  }

  /** From the first batch that is not acked again. */
  void restart() {
    reset();
    sent = acked;
  }

  /** Whether the next batch may go without a confirmation of the transport. */
  boolean maySendLightly() {
    return lane != Lane.EVENT && stalls == 0 && underWay.isEmpty() && lostSinceNanos == 0;
  }

  /** What waits for its ack longest went lightly. */
  boolean isLight() {
    Flying head = underWay.peek();
    return head != null && head.lightly();
  }

  /** It goes again, confirmed, and the ack is due as if it had gone so at once. */
  void lightlyLost() {
    long since = progressNanos;
    restart();
    lostSinceNanos = since;
  }

  /** No ack came in time: from now on slower, see {@link #wantsMore}, until one comes. */
  void stalled(long now) {
    stalls = Math.min(stalls + 1, STALL_DOUBLINGS_MAX);
    progressNanos = now;
  }

  /** The other side says that it can't take this batch: the lane waits, and tries it again. */
  void rejected(long bseq) {
    rejected = bseq;
  }

  /** The lane's first batch, if it is under way alone and got there; 0: none is. */
  long arrivedAlone() {
    Flying head = underWay.peek();
    return head != null
            && underWay.size() == 1
            && (taken.contains(head.bseq()) || rejected == head.bseq())
        ? head.bseq()
        : 0;
  }

  /** What stood in the way is gone; what follows goes batch by batch until an ack comes. */
  void relieved() {
    stalls = Math.min(stalls, 1);
  }

  boolean canBeAcked(long bseq) {
    return bseq <= ceiling;
  }

  long fetch(long now) {
    fetching = true;
    fetchAfter = sent;
    fetchNanos = now;
    return sent;
  }

  /**
   * The store has answered.
   *
   * @return false if the answer is to a question that no longer stands.
   */
  boolean answered(long after) {
    if (!fetching || after != fetchAfter) {
      return false;
    }
    fetching = false;
    return after == sent;
  }

  boolean isExhausted() {
    return exhausted;
  }

  void exhausted() {
    exhausted = true;
  }

  void sealed() {
    exhausted = false;
  }

  void send(Flying batch) {
    if (underWay.isEmpty()) {
      progressNanos = lostSinceNanos == 0 ? batch.atNanos() : lostSinceNanos;
      lostSinceNanos = 0;
    }
    underWay.add(batch);
    sent = batch.bseq();
    ceiling = Math.max(ceiling, sent);
  }

  /**
   * @return when the batch left that this ack answers; 0 if nobody can say.
   */
  long sentNanos(long bseq) {
    for (Flying batch : underWay) {
      if (batch.bseq() == bseq) {
        return batch.atNanos();
      }
    }
    return 0;
  }

  void acked(long bseq, long now) {
    acked = bseq;
    sent = Math.max(sent, bseq);
    stalls = 0;
    progressNanos = now;
    for (Flying head = underWay.peek();
        head != null && head.bseq() <= bseq;
        head = underWay.peek()) {
      taken.remove(head.bseq());
      underWay.remove();
    }
  }

  /**
   * The transport has delivered this batch; others may still be on their way.
   *
   * @return up to which number everything under way is delivered; {@link #acked} if nothing is.
   */
  long taken(long bseq) {
    taken.add(bseq);
    long upTo = acked;
    for (Flying batch : underWay) {
      if (!taken.contains(batch.bseq())) {
        break;
      }
      upTo = batch.bseq();
    }
    return upTo;
  }

  /** When waiting for an ack ends; {@link Long#MAX_VALUE} while nothing is under way. */
  long ackDue(long timeoutNanos) {
    if (isLight()) {
      return progressNanos + timeoutNanos / 2;
    }
    int doublings = arrivedAlone() > 0 ? Math.min(stalls, ARRIVED_DOUBLINGS_MAX) : stalls;
    return underWay.isEmpty() ? Long.MAX_VALUE : progressNanos + (timeoutNanos << doublings);
  }

  /** When waiting for the store ends. */
  long fetchDue(long timeoutNanos) {
    return fetching ? fetchNanos + timeoutNanos : Long.MAX_VALUE;
  }

  void fetchLost() {
    fetching = false;
  }
}
