package io.verge.uplink;

import io.verge.model.Lane;
import io.verge.store.StoredBatch;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Batches that somebody asked to have once more: those of a range that are still on disk go again,
 * byte for byte, one at a time beside what is new. Cursors are not touched, since what is sent
 * again may be long acked. Outlives connections, not the process. Uplink thread only.
 */
final class Replay {
  /** Ranges that may wait. */
  static final int RANGES_MAX = 16;

  /**
   * What was asked for.
   *
   * @param first number of the first batch; {@code last} of the last one.
   * @param done told once.
   */
  record Range(Lane lane, long first, long last, Consumer<Result> done) {}

  /**
   * What became of it.
   *
   * @param batches sent again, and taken by the other side's transport.
   * @param bytes of them.
   * @param why it ended early, or empty.
   */
  record Result(long batches, long bytes, String why) {}

  private enum Step {
    IDLE,
    FETCHING,
    SENDING
  }

  private final Deque<Range> ranges = new ArrayDeque<>();
  private Step step = Step.IDLE;
  private long sinceNanos;
  private long after;
  private long underWay;
  private int underWayBytes;
  private long batches;
  private long bytes;

  /** Queues a range; one that finds no room is told so at once. */
  void ask(Range range) {
    if (ranges.size() >= RANGES_MAX) {
      range.done().accept(new Result(0, 0, RANGES_MAX + " ranges are waiting already"));
      return;
    }
    ranges.add(range);
    if (ranges.size() == 1) {
      begin();
    }
  }

  /** Nothing was asked for that is still to go. */
  boolean isIdle() {
    return ranges.isEmpty();
  }

  private void begin() {
    Range next = ranges.peek();
    step = Step.IDLE;
    after = next == null ? 0 : next.first() - 1;
    batches = 0;
    bytes = 0;
  }

  /** The lane of the batch to ask the store for, or null: nothing to do, or not yet. */
  @Nullable Lane wanted() {
    Range range = ranges.peek();
    return range == null || step != Step.IDLE ? null : range.lane();
  }

  /**
   * Notes that the store is asked.
   *
   * @return the batch after this one is wanted.
   */
  long fetch(long now) {
    step = Step.FETCHING;
    sinceNanos = now;
    return after;
  }

  /**
   * The store's answer to {@link #fetch}.
   *
   * @return whether {@code found} is to be sent now.
   */
  boolean answered(Lane lane, long ofAfter, @Nullable StoredBatch found, long now) {
    Range range = ranges.peek();
    if (range == null || step != Step.FETCHING || range.lane() != lane || ofAfter != after) {
      return false;
    }
    if (found == null || found.bseq() > range.last()) {
      finish("");
      return false;
    }
    step = Step.SENDING;
    sinceNanos = now;
    underWay = found.bseq();
    underWayBytes = found.message().length;
    return true;
  }

  /** The other side's transport has the batch. */
  void taken() {
    Range range = ranges.peek();
    if (range == null || step != Step.SENDING) {
      return;
    }
    batches++;
    bytes += underWayBytes;
    after = underWay;
    step = Step.IDLE;
    if (after >= range.last()) {
      finish("");
    }
  }

  /** The other side will not have the batch. */
  void refused(String why) {
    if (step == Step.SENDING) {
      finish("batch " + underWay + ": " + why);
    }
  }

  /** What is under way is lost with its connection, and goes again in the next one. */
  void forget() {
    step = Step.IDLE;
  }

  /** Nothing goes any more. */
  void end(String why) {
    while (!ranges.isEmpty()) {
      finish(why);
    }
  }

  private void finish(String why) {
    Range range = ranges.remove();
    Result result = new Result(batches, bytes, why);
    begin();
    range.done().accept(result);
  }

  /** When waiting for the store ends. */
  long fetchDue(long timeoutNanos) {
    return step == Step.FETCHING ? sinceNanos + timeoutNanos : Long.MAX_VALUE;
  }

  /** When waiting for the other side ends. */
  long sendDue(long timeoutNanos) {
    return step == Step.SENDING ? sinceNanos + timeoutNanos : Long.MAX_VALUE;
  }
}
