package io.verge.autonomy;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What a group's plan wants around one date of the site: from the begin of that date to its end.
 *
 * @param date local, of the place.
 * @param changes by time; before the first one the lamps are off.
 */
public record Timeline(LocalDate date, List<Change> changes) {
  /** Of a ramp: fine enough for the eye, and few enough for the bus. */
  private static final int RAMP_STEP = 10;

  private static final Change DAY = new Change(Long.MIN_VALUE, 0, 0, "day");

  /**
   * A change of level.
   *
   * @param level per cent from then on.
   * @param target per cent at the end of the ramp it is part of; without a ramp equal to {@code
   *     level}.
   * @param why the moment as configured.
   */
  public record Change(long utcMs, int level, int target, String why) {}

  /**
   * What holds at a time.
   *
   * @param nextMs when something else does; {@link Long#MAX_VALUE}: not on this timeline.
   */
  public record Wanted(Change change, long nextMs) {}

  public Timeline {
    changes = List.copyOf(changes);
  }

  /** The two nights that the date has a part of: the one that ends, the one that begins. */
  public static Timeline of(PlanGroup group, LocalDate date, Place place) {
    List<Change> before = night(group, date.minusDays(1), place);
    List<Change> after = night(group, date, place);
    long begin = after.isEmpty() ? Long.MAX_VALUE : after.get(0).utcMs();
    List<Change> all = new ArrayList<>();
    before.stream().filter(change -> change.utcMs() < begin).forEach(all::add);
    all.addAll(after);
    return new Timeline(date, ramped(all, group.rampMs()));
  }

  public static LocalDate dateOf(long utcMs, Place place) {
    return LocalDate.ofInstant(Instant.ofEpochMilli(utcMs), place.zone());
  }

  /** The changes of the night that begins on the date; empty where it has no light. */
  public static List<Change> night(PlanGroup group, LocalDate evening, Place place) {
    PlanGroup.@Nullable Special special = group.exceptionOn(evening);
    Moment on = special == null || special.on() == null ? group.on() : special.on();
    Moment off = special == null || special.off() == null ? group.off() : special.off();
    OptionalLong begin = on.in(evening, place);
    OptionalLong end = off.endIn(evening, place);
    if (begin.isEmpty() || end.isEmpty() || begin.getAsLong() >= end.getAsLong()) {
      return List.of();
    }
    List<Change> changes = new ArrayList<>();
    int level = special == null ? group.level() : special.level();
    for (Change step : special == null ? steps(group, evening, place) : List.<Change>of()) {
      if (step.utcMs() <= begin.getAsLong()) {
        level = step.level();
      } else if (step.utcMs() < end.getAsLong()) {
        changes.add(step);
      }
    }
    changes.add(0, new Change(begin.getAsLong(), level, level, on.toString()));
    changes.add(new Change(end.getAsLong(), 0, 0, off.toString()));
    return changes;
  }

  private static List<Change> steps(PlanGroup group, LocalDate evening, Place place) {
    List<Change> steps = new ArrayList<>();
    for (PlanGroup.Step step : group.steps()) {
      OptionalLong at = step.at().in(evening, place);
      if (at.isPresent() && step.days().contains(evening.getDayOfWeek())) {
        steps.add(new Change(at.getAsLong(), step.level(), step.level(), step.at().toString()));
      }
    }
    steps.sort(Comparator.comparingLong(Change::utcMs));
    return steps;
  }

  private static List<Change> ramped(List<Change> changes, long rampMs) {
    if (rampMs == 0) {
      return changes;
    }
    List<Change> ramped = new ArrayList<>();
    int level = 0;
    for (int i = 0; i < changes.size(); i++) {
      Change change = changes.get(i);
      long next = i + 1 < changes.size() ? changes.get(i + 1).utcMs() : Long.MAX_VALUE;
      int way = change.target() - level;
      int count = Math.max(1, (Math.abs(way) + RAMP_STEP - 1) / RAMP_STEP);
      int reached = level;
      for (int k = 1; k <= count; k++) {
        long at = change.utcMs() + rampMs * (k - 1) / count;
        if (k > 1 && at >= next) {
          break;
        }
        reached = level + way * k / count;
        ramped.add(new Change(at, reached, change.target(), change.why()));
      }
      level = reached;
    }
    return ramped;
  }

  public Wanted at(long utcMs) {
    Change holds = DAY;
    for (Change change : changes) {
      if (change.utcMs() > utcMs) {
        return new Wanted(holds, change.utcMs());
      }
      holds = change;
    }
    return new Wanted(holds, Long.MAX_VALUE);
  }
}
