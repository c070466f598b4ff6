package io.verge.time;

import io.verge.model.Stamp;
import org.jspecify.annotations.Nullable;

/**
 * Notices what happens to the trusted time: it becomes trusted, is no longer, or steps. Looked at
 * from time to time by one thread.
 */
public final class ClockSteps {
  /** Smaller changes are corrections; a step beyond what both times admit is news. */
  static final long STEP_MS = 1_000;

  /**
   * What happened.
   *
   * @param kind {@code clock.trusted}, {@code clock.untrusted} or {@code clock.step}.
   * @param stepMs how far UTC moved against monotonic time; 0 for the others.
   */
  public record Change(String kind, long stepMs) {}

  private @Nullable Stamp before;

  /** What happened since the last look, or null. */
  public @Nullable Change look(Stamp now) {
    Stamp last = before;
    before = now;
    if (last == null || last.hasUtc() != now.hasUtc()) {
      return last == null && !now.hasUtc()
          ? null
          : new Change(now.hasUtc() ? "clock.trusted" : "clock.untrusted", 0);
    }
    if (!now.hasUtc()) {
      return null;
    }
    long step = now.utcMs() - now.monoMs() - (last.utcMs() - last.monoMs());
    return Math.abs(step) > STEP_MS ? new Change("clock.step", step) : null;
  }
}
