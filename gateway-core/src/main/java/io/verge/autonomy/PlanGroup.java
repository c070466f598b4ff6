package io.verge.autonomy;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lamps that burn together: one {@code [[plan]]} of the configuration.
 *
 * @param lamps assets.
 * @param on when a night's light begins.
 * @param off when it ends.
 * @param level per cent, from {@code on} until the first step.
 * @param rampMs how long a change of level takes; 0: at once.
 * @param staggerMs between a lamp and the next of the group, to spare the feeder.
 * @param safeLevel per cent while the clock is not trusted.
 * @param overrideMs how long a command without a duration holds.
 */
public record PlanGroup(
    String name,
    List<String> lamps,
    Moment on,
    Moment off,
    int level,
    List<Step> steps,
    List<Special> exceptions,
    long rampMs,
    long staggerMs,
    int safeLevel,
    long overrideMs) {
  /**
   * One {@code [[plan.step]]}.
   *
   * @param days on which the night must begin.
   */
  public record Step(Moment at, int level, Set<DayOfWeek> days) {
    public Step {
      days = Set.copyOf(days);
    }
  }

  /**
   * One {@code [[plan.exception]]}: nights of their own, without the steps.
   *
   * @param on null: as usual.
   * @param off null: as usual.
   */
  public record Special(List<Dates> dates, @Nullable Moment on, @Nullable Moment off, int level) {
    public Special {
      dates = List.copyOf(dates);
    }
  }

  public PlanGroup {
    lamps = List.copyOf(lamps);
    steps = List.copyOf(steps);
    exceptions = List.copyOf(exceptions);
  }

  /** The exception of the night that begins on the date; the first that names it holds. */
  @Nullable Special exceptionOn(LocalDate evening) {
    for (Special special : exceptions) {
      if (special.dates().stream().anyMatch(dates -> dates.contains(evening))) {
        return special;
      }
    }
    return null;
  }

  /** Whether a plan without coordinates can't be followed. */
  public boolean isBySun() {
    return on.isBySun()
        || off.isBySun()
        || steps.stream().anyMatch(step -> step.at().isBySun())
        || exceptions.stream()
            .anyMatch(
                special ->
                    (special.on() != null && special.on().isBySun())
                        || (special.off() != null && special.off().isBySun()));
  }
}
