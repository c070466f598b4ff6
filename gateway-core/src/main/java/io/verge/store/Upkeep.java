package io.verge.store;

import io.verge.health.Counters;
import io.verge.model.Lane;
import java.util.Collection;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Keeps the store within its limit and the disk above its floor: trims, sheds, shrinks, and gives
 * the ballast up when the disk is full. Store thread only.
 */
final class Upkeep {
  /** Batches given up in one step: bounds the time a full disk takes from everything else. */
  private static final int STEPS = 16;

  /** The same, while the next transaction might find no room. */
  private static final int STEPS_URGENT = 128;

  /** Pages given back in one step: each may be moved, through the log. */
  private static final long SHRINK_PAGES = 128;

  /** Shedding that pauses for so long and begins again is news again. */
  private static final long NEWS_NANOS = 3_600_000_000_000L;

  /** To a disk filled by others the store gives its history, but not more of its data than this. */
  private static final int LEAST_SHARE = 4;

  private final Counters counters;
  private final ShedPolicy policy;
  private final Collection<String> uplinks;
  private final BiConsumer<Lane, Long> onShedding;
  private final Limits limits;
  private Space space;
  private Shedding shedding;
  private Store store;
  private long quietSinceNanos = -NEWS_NANOS;
  private boolean unfinished;

  /**
   * @param onShedding told once when shedding begins: the lane and the readings of the first step.
   */
  Upkeep(Store store, StoreSettings settings, Counters counters, BiConsumer<Lane, Long> onShedding)
      throws StoreException {
    this.counters = counters;
    this.policy = settings.shed();
    this.uplinks = settings.uplinks();
    this.onShedding = onShedding;
    this.limits = Limits.of(settings.maxBytes());
    this.store = store;
    this.space = store.space();
    this.shedding = store.shedding(policy, uplinks);
    use(store);
  }

  void use(Store other) throws StoreException {
    store = other;
    space = store.space();
    shedding = store.shedding(policy, uplinks);
    space.limit(limits);
  }

  long bytes() throws StoreException {
    return space.bytes();
  }

  /** Whether another step is wanted soon. */
  boolean isUnfinished() {
    return unfinished;
  }

  /**
   * One step of tidying.
   *
   * @return whether something un-acked was given up: there are gaps to tell.
   */
  boolean step(long nowNanos) throws StoreException {
    long missing = policy.minFreeBytes() - space.free();
    long filePages = space.filePages();
    long most =
        missing > 0
            ? Math.min(limits.softPages(), filePages - missing / Database.PAGE)
            : limits.softPages();
    boolean shed = giveWay(most, nowNanos);
    if (filePages > Math.min(limits.hardPages(), most + limits.burstPages())) {
      // SQLite lets a file above its limit grow no further: the next transaction needs free pages.
      long spare = filePages - space.usedPages() - limits.burstPages();
      if (spare > 0) {
        space.shrink(Math.min(SHRINK_PAGES, spare));
        space.limit(limits);
      }
      long after = space.filePages();
      unfinished |= after < filePages && after > limits.hardPages();
    }
    if (space.walBytes() > (long) (limits.walPages() + limits.burstPages()) * Database.PAGE) {
      space.emptyLog();
    }
    if (missing <= -limits.ballastBytes() && !space.hasBallast(limits)) {
      space.takeBallast(limits);
    }
    return shed;
  }

  private boolean giveWay(long most, long nowNanos) throws StoreException {
    boolean shed = false;
    unfinished = false;
    for (int i = 0; i < STEPS || i < STEPS_URGENT && isTight(); i++) {
      boolean over = space.usedPages() > most;
      if (!over && !eventsLackTheirShare()) {
        return shed;
      }
      Optional<Shedding.Given> given = shedding.trim();
      if (given.isEmpty() && space.usedPages() > Math.max(most, 0)) {
        if (space.usedPages() <= limits.softPages() / LEAST_SHARE) {
          return shed;
        }
        given = shedding.shed(true);
      } else if (given.isEmpty()) {
        given = shedding.shed(false);
      }
      if (given.isEmpty()) {
        return shed;
      }
      shed |= count(given.get(), nowNanos);
    }
    unfinished = true;
    return shed;
  }

  /** Whether one transaction might not find room. */
  private boolean isTight() throws StoreException {
    long most = Math.max(space.filePages(), limits.hardPages());
    return most - space.usedPages() < limits.burstPages();
  }

  private boolean eventsLackTheirShare() throws StoreException {
    long others = store.messageBytes(Lane.METER) + store.messageBytes(Lane.TELEMETRY);
    return others > limits.softPages() * Database.PAGE * (1 - policy.eventShare());
  }

  private boolean count(Shedding.Given given, long nowNanos) {
    if (given.how() == Shedding.How.TRIMMED) {
      counters.increment("batches.trimmed");
      return false;
    }
    counters.increment(given.how() == Shedding.How.SHED ? "batches.shed" : "batches.thinned");
    counters.add("readings.shed." + given.lane().word(), given.readings());
    if (nowNanos - quietSinceNanos >= NEWS_NANOS) {
      onShedding.accept(given.lane(), given.readings());
    }
    quietSinceNanos = nowNanos;
    return true;
  }

  /**
   * The disk is full: gives the ballast up, then history, else the least worth having.
   *
   * @return whether there is more room than before.
   */
  boolean emergency(long nowNanos) throws StoreException {
    boolean room = space.dropBallast();
    if (room) {
      counters.increment("store.ballast_dropped");
    }
    for (int i = 0; i < STEPS; i++) {
      Optional<Shedding.Given> given = shedding.trim();
      if (given.isEmpty() && i == 0 && !room) {
        given = shedding.shed(true);
      }
      if (given.isEmpty()) {
        break;
      }
      count(given.get(), nowNanos);
      room = true;
    }
    return room;
  }
}
