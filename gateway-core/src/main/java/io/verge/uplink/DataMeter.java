package io.verge.uplink;

import io.verge.model.Lane;
import io.verge.model.Stamp;
import io.verge.store.Pace;

/**
 * Counts one uplink's bytes by month, decides what it may spend, and learns its keep-alive. What it
 * knows is kept in the store now and then: a power cut costs what was counted since. Uplink thread
 * only.
 */
final class DataMeter {
  private static final String USAGE = "usage";
  private static final String KEEP_ALIVE = "keep-alive";

  /** Bytes not yet kept that are worth a write. */
  private static final long KEEP_BYTES = 64 * 1024;

  private static final long KEEP_NANOS = 900L * 1_000_000_000;

  /** The link was there all the time if the next connection is up so soon. */
  private static final long AT_ONCE_NANOS = 60L * 1_000_000_000;

  /** A longer keep-alive is tried at most so often by hanging up. */
  private static final long TRIAL_NANOS = 6L * 3600 * 1_000_000_000;

  private final Line line;
  private final Site site;
  private Usage usage;
  private Thrift.State thrift = Thrift.State.START;
  private KeepAlive keepAlive;
  private long countedSent;
  private long countedReceived;
  private long unkept;
  private long keptNanos;
  private long upNanos;
  private boolean isUp;
  private boolean proven;
  private long endNanos = Long.MIN_VALUE;
  private long endedAfterNanos;
  private long trialNanos = Long.MIN_VALUE;

  DataMeter(Line line, long keepAliveMs, Site site) {
    this.line = line;
    this.site = site;
    this.usage = Usage.of(site.kept(USAGE));
    long most = line.keepAliveMostMs() == 0 ? keepAliveMs : line.keepAliveMostMs();
    this.keepAlive = KeepAlive.of(keepAliveMs, most, site.kept(KEEP_ALIVE));
  }

  Usage usage() {
    return usage;
  }

  Thrift stage() {
    return thrift.stage();
  }

  long keepAliveMs() {
    return keepAlive.nowMs();
  }

  boolean holds(Lane lane) {
    return thrift.stage().holds(lane);
  }

  Pace pace() {
    return thrift.stage().pace(line.connectEveryMs());
  }

  /**
   * Takes what was counted so far in this run.
   *
   * @return whether the stage changed.
   */
  boolean count(long sent, long received, Stamp now, long nowNanos) {
    long moreSent = sent - countedSent;
    long moreReceived = received - countedReceived;
    countedSent = sent;
    countedReceived = received;
    usage =
        usage.add(
            moreSent, moreReceived, now.hasUtc() ? now.utcMs() : Stamp.NO_UTC, line.budgetDay());
    unkept += moreSent + moreReceived;
    if (unkept >= KEEP_BYTES || unkept > 0 && nowNanos - keptNanos >= KEEP_NANOS) {
      keep(nowNanos);
    }
    Thrift before = thrift.stage();
    thrift =
        Thrift.next(thrift, usage, line.budgetBytes(), now.hasUtc() ? now.utcMs() : Stamp.NO_UTC);
    return thrift.stage() != before;
  }

  private void keep(long nowNanos) {
    site.keep(USAGE, usage.numbers());
    unkept = 0;
    keptNanos = nowNanos;
  }

  void close(long nowNanos) {
    if (unkept > 0) {
      keep(nowNanos);
    }
  }

  void up(long nowNanos) {
    // Died of silence: it had been silent for at least one interval, and the link was there.
    if (isLearning()
        && endNanos != Long.MIN_VALUE
        && nowNanos - endNanos <= AT_ONCE_NANOS
        && endedAfterNanos >= keepAlive.nowMs() * 1_000_000) {
      learn(keepAlive.died());
    }
    endNanos = Long.MIN_VALUE;
    upNanos = nowNanos;
    isUp = true;
    proven = false;
  }

  /**
   * The connection is over.
   *
   * @param wanted we hung up ourselves, for no fault of the link.
   */
  void down(boolean wanted, long nowNanos) {
    if (isUp) {
      isUp = false;
      endNanos = wanted ? Long.MIN_VALUE : nowNanos;
      endedAfterNanos = nowNanos - upNanos;
    }
  }

  private boolean isLearning() {
    return line.keepAliveMostMs() > 0;
  }

  /** Whether it is time to hang up in order to try a longer keep-alive. */
  boolean wantsLonger(long nowNanos) {
    if (!isLearning() || !isUp) {
      return false;
    }
    if (!proven && nowNanos - upNanos >= keepAlive.provenAfterMs() * 1_000_000) {
      proven = true;
      learn(keepAlive.lasted());
    }
    boolean mayTry = trialNanos == Long.MIN_VALUE || nowNanos - trialNanos >= TRIAL_NANOS;
    if (proven && mayTry && keepAlive.longer().nowMs() > keepAlive.nowMs()) {
      trialNanos = nowNanos;
      learn(keepAlive.longer());
      return true;
    }
    return false;
  }

  private void learn(KeepAlive learned) {
    if (!learned.equals(keepAlive)) {
      keepAlive = learned;
      site.keep(KEEP_ALIVE, learned.numbers());
    }
  }
}
