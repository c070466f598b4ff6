package io.verge.autonomy;

import io.verge.health.Counters;
import io.verge.model.Event;
import io.verge.model.Outcome;
import io.verge.model.Severity;
import io.verge.model.Stamp;
import io.verge.poll.SampleSink;
import io.verge.time.Bell;
import io.verge.time.Stamper;
import io.verge.time.Worker;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the lamps at the levels of the plan, or at those people have commanded for a time. Orders
 * only where a lamp is not known to be there already. Tells what happens group by group, so that a
 * night makes a handful of events, whatever the lamps do.
 */
public final class LampPlanWorker implements Worker {
  /** Between looks at what the lamps show; a step of the clock is noticed within it. */
  private static final long LOOK_MS = 5_000;

  private static final long NANOS = 1_000_000;

  /** Between two reports of lamps out of reach. */
  private static final long UNMET_EVERY_MS = 600_000;

  private static final int NAMED_MOST = 10;

  private final Place place;
  private final Lamps lamps;
  private final SampleSink events;
  private final Stamper stamper;
  private final Counters counters;
  private final Bell bell = new Bell();
  private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final List<Group> groups = new ArrayList<>();
  private final Map<String, Pursuit> pursuits = new LinkedHashMap<>();
  private final Map<String, LampOverride> overrides = new HashMap<>();

  /** A group and what was last told of it. */
  private static final class Group {
    final PlanGroup plan;
    @Nullable Timeline timeline;
    String told = "";
    boolean unmetTold;
    long unmetMs;

    Group(PlanGroup plan) {
      this.plan = plan;
    }
  }

  public LampPlanWorker(
      List<PlanGroup> plans,
      Place place,
      Lamps lamps,
      SampleSink events,
      Stamper stamper,
      Counters counters) {
    this.place = place;
    this.lamps = lamps;
    this.events = events;
    this.stamper = stamper;
    this.counters = counters;
    long startMs = stamper.now().monoMs();
    for (PlanGroup plan : plans) {
      groups.add(new Group(plan));
      plan.lamps().forEach(lamp -> pursuits.put(lamp, new Pursuit(startMs)));
    }
  }

  /** The group of a lamp, or null. Any thread. */
  public @Nullable PlanGroup groupOf(String lamp) {
    for (Group group : groups) {
      if (group.plan.lamps().contains(lamp)) {
        return group.plan;
      }
    }
    return null;
  }

  /**
   * A lamp of the plan has been set, or was before a restart. Any thread.
   *
   * @param isFresh whether the lamp was set just now.
   */
  public void override(String lamp, LampOverride override, boolean isFresh) {
    enqueue(
        () -> {
          overrides.put(lamp, override);
          Pursuit pursuit = pursuits.get(lamp);
          if (isFresh && pursuit != null) {
            pursuit.told(override.level(), stamper.now().monoMs());
          }
        });
  }

  /** The lamp follows the plan again. Any thread. */
  public void release(String lamp) {
    enqueue(() -> overrides.remove(lamp));
  }

  private void enqueue(Runnable task) {
    tasks.add(task);
    bell.ring();
  }

  @Override
  public String name() {
    return "plan";
  }

  @Override
  public Bell bell() {
    return bell;
  }

  @Override
  public long step(long nowNanos) {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
    }
    Stamp now = stamper.now();
    endOverrides(now);
    long waitMs = LOOK_MS;
    for (Group group : groups) {
      waitMs = Math.min(waitMs, look(group, now));
    }
    return groups.isEmpty() ? NEVER : nowNanos + Math.max(1, waitMs) * NANOS;
  }

  private void endOverrides(Stamp now) {
    List<String> ended = new ArrayList<>();
    overrides.forEach(
        (lamp, override) -> {
          if (override.isOver(now)) {
            ended.add(lamp);
          }
        });
    if (!ended.isEmpty()) {
      ended.sort(null);
      overrides.keySet().removeAll(ended);
      event("plan.override-ended", Severity.INFO, now, named(ended));
    }
  }

  /** Milliseconds until something of the group changes, or more. */
  private long look(Group group, Stamp now) {
    PlanGroup plan = group.plan;
    Timeline timeline = timeline(group, now);
    tell(group, timeline, now);
    long waitMs = LOOK_MS;
    List<String> unmet = new ArrayList<>();
    for (int i = 0; i < plan.lamps().size(); i++) {
      String lamp = plan.lamps().get(i);
      Pursuit pursuit = pursuits.get(lamp);
      if (pursuit == null) {
        continue;
      }
      int wanted = plan.safeLevel();
      LampOverride override = overrides.get(lamp);
      if (override != null) {
        wanted = override.level();
        waitMs = Math.min(waitMs, override.leftMs(now));
      } else if (timeline != null) {
        Timeline.Wanted holds = timeline.at(now.utcMs() - i * plan.staggerMs());
        wanted = holds.change().level();
        waitMs = Math.min(waitMs, holds.nextMs() + i * plan.staggerMs() - now.utcMs());
      }
      pursue(lamp, pursuit, wanted, now);
      if (pursuit.isUnmet()) {
        unmet.add(lamp);
      }
    }
    tellUnmet(group, unmet, now);
    return waitMs;
  }

  /** Null while the clock is not trusted. */
  private @Nullable Timeline timeline(Group group, Stamp now) {
    if (!now.hasUtc()) {
      return null;
    }
    LocalDate date = Timeline.dateOf(now.utcMs(), place);
    Timeline timeline = group.timeline;
    if (timeline == null || !timeline.date().equals(date)) {
      timeline = Timeline.of(group.plan, date, place);
      group.timeline = timeline;
    }
    return timeline;
  }

  private void pursue(String lamp, Pursuit pursuit, int wanted, Stamp now) {
    int level = pursuit.next(wanted, lamps.shown(lamp), now.monoMs());
    if (level == Pursuit.NONE) {
      return;
    }
    counters.increment("plan.orders");
    boolean taken =
        lamps.order(
            lamp, level, outcome -> enqueue(() -> settled(pursuit, level, outcome, stamper.now())));
    if (!taken) {
      pursuit.refused();
    }
  }

  private void settled(Pursuit pursuit, int level, Outcome outcome, Stamp now) {
    counters.increment("plan.orders_" + outcome.state().word());
    pursuit.done(level, outcome, now.monoMs());
  }

  private void tell(Group group, @Nullable Timeline timeline, Stamp now) {
    PlanGroup plan = group.plan;
    String news;
    Map<String, Object> details = new HashMap<>();
    details.put("plan", plan.name());
    details.put("lamps", (long) plan.lamps().size());
    if (timeline == null) {
      news = "safe";
      details.put("level", (long) plan.safeLevel());
    } else {
      Timeline.Change change = timeline.at(now.utcMs()).change();
      news = change.target() + " " + change.why();
      details.put("level", (long) change.target());
      details.put("why", change.why());
    }
    if (!news.equals(group.told)) {
      group.told = news;
      boolean isSafe = timeline == null;
      event(
          isSafe ? "plan.safe-level" : "plan.step",
          isSafe ? Severity.WARNING : Severity.INFO,
          now,
          details);
    }
  }

  private void tellUnmet(Group group, List<String> unmet, Stamp now) {
    if (unmet.isEmpty() == !group.unmetTold) {
      return;
    }
    if (unmet.isEmpty()) {
      group.unmetTold = false;
      event("plan.met", Severity.NOTICE, now, Map.of("plan", group.plan.name()));
    } else if (group.unmetMs == 0 || now.monoMs() - group.unmetMs >= UNMET_EVERY_MS) {
      group.unmetTold = true;
      group.unmetMs = now.monoMs();
      Map<String, Object> details = named(unmet);
      details.put("plan", group.plan.name());
      event("plan.unmet", Severity.WARNING, now, details);
    }
  }

  private static Map<String, Object> named(List<String> assets) {
    Map<String, Object> details = new HashMap<>();
    details.put("count", (long) assets.size());
    details.put("lamps", assets.subList(0, Math.min(NAMED_MOST, assets.size())));
    return details;
  }

  private void event(String kind, Severity severity, Stamp now, Map<String, Object> details) {
    if (!events.offer(new Event(now, kind, severity, Event.NO_DEVICE, details))) {
      counters.increment("events.no_room");
    }
  }

  @Override
  public void close() {}
}
