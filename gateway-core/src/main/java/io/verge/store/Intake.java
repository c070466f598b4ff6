package io.verge.store;

import io.verge.health.Counters;
import io.verge.model.Lane;
import io.verge.time.Ticker;
import io.verge.time.Worker;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** When what waits in memory is committed, and what happens if it can't be. Store thread only. */
final class Intake {
  /** After a failed commit; the samples wait in memory meanwhile. */
  static final long RETRY_NANOS = 5_000_000_000L;

  private final Inbox inbox;
  private final long commitNanos;
  private final Ticker ticker;
  private final Counters counters;
  private Store store;
  private Inbox.@Nullable Taken taken;
  private long dueNanos = Worker.NEVER;
  private long retryNanos;
  private long lastCommitMs;
  private long commits;

  Intake(Store store, Inbox inbox, long commitMs, Ticker ticker, Counters counters) {
    this.store = store;
    this.inbox = inbox;
    this.commitNanos = commitMs * 1_000_000;
    this.ticker = ticker;
    this.counters = counters;
  }

  /** Goes on with another store; what a failed commit took is committed there. */
  void use(Store other) {
    store = other;
    retryNanos = 0;
  }

  /** Tries again at once: there is room now. */
  void retryAt(long nowNanos) {
    retryNanos = nowNanos;
  }

  boolean isEmpty() {
    return inbox.size() == 0 && taken == null;
  }

  boolean isDue(long nowNanos) {
    if (isEmpty()) {
      dueNanos = Worker.NEVER;
      return false;
    }
    if (dueNanos == Worker.NEVER) {
      dueNanos = nowNanos + commitNanos;
    }
    return nowNanos >= retryNanos && (nowNanos >= dueNanos || inbox.isUrgent() || taken != null);
  }

  /**
   * Commits what waits. What a failed commit took stays taken until it is committed: nothing is
   * lost by an error.
   *
   * @return bytes of the journal rows, by lane.
   */
  Map<Lane, Added> commit(long nowNanos) throws StoreException {
    Inbox.Taken now = taken == null ? inbox.take() : taken;
    taken = now;
    retryNanos = nowNanos + RETRY_NANOS;
    Map<Lane, Integer> bytes = store.append(now.rows(), now.keep());
    retryNanos = 0;
    taken = null;
    dueNanos = Worker.NEVER;
    commits++;
    lastCommitMs = ticker.millis();
    Map<Lane, Added> added = new java.util.EnumMap<>(Lane.class);
    bytes.forEach(
        (lane, size) -> {
          long readings = java.util.Objects.requireNonNull(now.rows().get(lane)).readings();
          counters.add("readings.journaled", readings);
          added.put(lane, new Added(readings, size, lane == Lane.EVENT && now.isUrgent()));
        });
    return added;
  }

  /**
   * What a commit added to a lane's journal.
   *
   * @param isUrgent among it is an event that is not to wait.
   */
  record Added(long readings, int bytes, boolean isUrgent) {}

  /** When {@link #isDue} is to be asked again. */
  long nextNanos(long nowNanos) {
    if (isEmpty()) {
      return Worker.NEVER;
    }
    if (taken != null || inbox.isUrgent()) {
      return Math.max(retryNanos, nowNanos);
    }
    return Math.max(retryNanos, dueNanos == Worker.NEVER ? nowNanos : dueNanos);
  }

  long lastCommitMs() {
    return lastCommitMs;
  }

  long commits() {
    return commits;
  }
}
