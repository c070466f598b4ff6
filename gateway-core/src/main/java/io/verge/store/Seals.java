package io.verge.store;

import io.verge.health.Counters;
import io.verge.model.Lane;
import io.verge.model.Stamp;
import io.verge.time.Stamper;
import io.verge.time.Worker;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What waits in each lane's journal, and sealing it when the policy says so. Store thread only. */
final class Seals {
  /** A batch's bytes for a journal byte, before the first batch of a lane tells better. */
  private static final double BATCH_SHARE = 0.2;

  /** What an earlier run left unsealed has waited long enough: it goes with the first link. */
  private static final long LEFT_OVER_NANOS = 7L * 86_400 * 1_000_000_000;

  private static final int TELEMETRY_TICK_MS = 100;

  /** The lane's journal, as far as the seal policy needs it. */
  private static final class Waiting {
    int rows;
    long readings;
    long bytes;
    long sinceNanos;
    boolean isUrgent;
    double share = BATCH_SHARE;
  }

  private final SealPolicy configured;
  private final Map<String, Pace> paces = new HashMap<>();
  private final Stamper stamper;
  private final Counters counters;
  private final Set<String> up = new HashSet<>();
  private final LinkRates rates;
  private final Waiting[] waiting = new Waiting[Lane.values().length];
  private SealPolicy policy;
  private Store store;
  private boolean hasGaps;

  Seals(Store store, SealPolicy policy, Stamper stamper, Counters counters, LinkRates rates) {
    this.rates = rates;
    this.store = store;
    this.configured = policy;
    this.policy = policy;
    this.stamper = stamper;
    this.counters = counters;
    for (Lane lane : Lane.values()) {
      waiting[lane.number()] = new Waiting();
    }
  }

  /** Looks at what an earlier run left. */
  void use(Store other, long nowNanos) throws StoreException {
    store = other;
    hasGaps = store.hasGaps();
    for (Lane lane : Lane.values()) {
      Waiting one = waiting[lane.number()];
      look(one, lane);
      one.sinceNanos = one.rows > 0 ? nowNanos - LEFT_OVER_NANOS : nowNanos;
      one.isUrgent = one.rows > 0;
    }
  }

  /** The journal was written by somebody else. */
  void recount(long nowNanos) throws StoreException {
    for (Lane lane : Lane.values()) {
      Waiting one = waiting[lane.number()];
      boolean wasEmpty = one.rows == 0;
      look(one, lane);
      one.sinceNanos = wasEmpty ? nowNanos : one.sinceNanos;
      one.isUrgent = one.rows > 0;
    }
  }

  private void look(Waiting one, Lane lane) throws StoreException {
    Store.Waiting left = store.waiting(lane);
    one.rows = left.rows();
    one.readings = left.readings();
    one.bytes = left.bytes();
  }

  void link(String uplink, boolean isUp) {
    if (isUp) {
      up.add(uplink);
    } else {
      up.remove(uplink);
    }
  }

  /** The rarest of what the uplinks want holds: a batch is sealed once for all. */
  void pace(String uplink, Pace pace) {
    paces.put(uplink, pace);
    policy = configured.at(paces.values().stream().reduce(Pace.USUAL, Pace::and));
  }

  private void grew(Lane lane, Intake.Added added, long nowNanos) {
    Waiting one = waiting[lane.number()];
    if (one.rows == 0) {
      one.sinceNanos = nowNanos;
    }
    one.rows++;
    one.readings += added.readings();
    one.bytes += added.bytes();
    one.isUrgent |= added.isUrgent();
  }

  void grew(Map<Lane, Intake.Added> added, long nowNanos) {
    added.forEach((lane, one) -> grew(lane, one, nowNanos));
  }

  /** Something was shed: there is a gap to tell. */
  void gapsMade() {
    hasGaps = true;
  }

  /** Milliseconds until the lane is to be sealed; 0: now. */
  private long waitMs(Lane lane, boolean watched, long nowNanos) {
    Waiting one = waiting[lane.number()];
    return policy.waitMs(
        new SealPolicy.View(
            lane,
            one.rows,
            (nowNanos - one.sinceNanos) / 1_000_000,
            (long) (one.bytes * one.share),
            !up.isEmpty(),
            watched,
            lane == Lane.EVENT && hasGaps,
            rates.batchBytes(),
            one.isUrgent));
  }

  /** Seals what is due; whether anything was. */
  boolean sealDue(boolean watched, long nowNanos) throws StoreException {
    boolean any = false;
    for (Lane lane : Lane.values()) {
      while (waitMs(lane, watched, nowNanos) == 0 && seal(lane, nowNanos)) {
        any = true;
      }
    }
    return any;
  }

  private boolean seal(Lane lane, long nowNanos) throws StoreException {
    int tick = lane == Lane.TELEMETRY ? TELEMETRY_TICK_MS : 1;
    Optional<StoredBatch> sealed = store.seal(lane, tick, clock(), rates.batchBytes());
    Waiting one = waiting[lane.number()];
    long before = one.bytes;
    look(one, lane);
    one.sinceNanos = nowNanos;
    one.isUrgent &= one.rows > 0;
    if (lane == Lane.EVENT) {
      hasGaps = store.hasGaps();
    }
    if (sealed.isPresent()) {
      if (before > one.bytes) {
        one.share = (double) sealed.get().message().length / (before - one.bytes);
      }
      counters.add("readings.sealed", sealed.get().readings());
      counters.add("batch.bytes", sealed.get().message().length);
      counters.increment("batches.sealed");
    }
    return sealed.isPresent();
  }

  private Sealing.Clock clock() {
    Stamp now = stamper.now();
    return new Sealing.Clock(
        now.boot(), now.hasUtc() ? now.utcMs() - now.monoMs() : Stamp.NO_UTC, now.uncMs());
  }

  long nextNanos(boolean watched, long nowNanos) {
    long next = Worker.NEVER;
    for (Lane lane : Lane.values()) {
      long waitMs = waitMs(lane, watched, nowNanos);
      if (waitMs != Long.MAX_VALUE) {
        next = Math.min(next, nowNanos + Math.max(1, waitMs) * 1_000_000);
      }
    }
    return next;
  }

  int rows(Lane lane) {
    return waiting[lane.number()].rows;
  }

  long readings(Lane lane) {
    return waiting[lane.number()].readings;
  }

  long bytes(Lane lane) {
    return waiting[lane.number()].bytes;
  }
}
