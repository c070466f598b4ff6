package io.verge.store;

import java.util.Set;

/**
 * What gives way when the store is full, beside what is acked by all.
 *
 * @param meter how meter readings give way; events always give way oldest first, and last of all.
 * @param telemetry the same of telemetry, which goes before meters.
 * @param thinPeriodMs of {@link Mode#THIN}: each point keeps its first least, first greatest and
 *     last sample of every such period.
 * @param eventShare of the store that meters and telemetry may not fill, 0 to 0.5.
 * @param minFreeBytes of the file system the store leaves free for others.
 * @param spare uplinks whose missing acks don't hold what all others have acked.
 */
public record ShedPolicy(
    Mode meter,
    Mode telemetry,
    long thinPeriodMs,
    double eventShare,
    long minFreeBytes,
    Set<String> spare) {
  /** What goes first. */
  public enum Mode {
    OLDEST,
    /** The beginning of a story is worth more than its end: what is new is not kept. */
    NEWEST,
    /** Fewer samples of the oldest, and only then none. */
    THIN
  }

  public static final ShedPolicy DEFAULT =
      new ShedPolicy(Mode.OLDEST, Mode.OLDEST, 3_600_000, 0.1, 32L << 20, Set.of());

  public ShedPolicy {
    spare = Set.copyOf(spare);
    if (eventShare < 0 || eventShare > 0.5 || thinPeriodMs < 1000 || minFreeBytes < 0) {
      throw new IllegalArgumentException(
          eventShare + " for events, thin by " + thinPeriodMs + " ms, " + minFreeBytes + " B free");
    }
  }
}
