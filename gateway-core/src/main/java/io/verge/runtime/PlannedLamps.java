package io.verge.runtime;

import io.verge.autonomy.LampOverride;
import io.verge.autonomy.LampPlanWorker;
import io.verge.autonomy.Lamps;
import io.verge.autonomy.PlanGroup;
import io.verge.command.CommandDesk;
import io.verge.config.SiteConfig;
import io.verge.driver.Order;
import io.verge.health.Counters;
import io.verge.model.Catalog;
import io.verge.model.Command;
import io.verge.model.Outcome;
import io.verge.model.PointType;
import io.verge.model.Quality;
import io.verge.model.Sample;
import io.verge.poll.BusWorker;
import io.verge.poll.SampleSink;
import io.verge.store.CommandLog;
import io.verge.time.Stamper;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Stands between commands and the buses: what is said to a lamp of the plan holds for a time, and
 * {@code release} gives it back. The plan's own orders go straight to the bus: they need no memory,
 * for the plan says them again.
 */
final class PlannedLamps implements CommandDesk.Targets, Lamps {
  private static final String SET_LEVEL = "set-level";
  private static final String RELEASE = "release";
  private static final String LEVEL = "level";

  /** Seconds; optional with {@code set-level}. */
  private static final String FOR = "for";

  /** A lamp that should burn longer belongs into the plan. */
  private static final long FOR_MOST_S = 7 * 86_400;

  private static final int REMEMBERED = 1000;
  private static final int PERCENT_MOST = 100;

  private final Catalog catalog;
  private final CommandDesk.Targets targets;
  private final Stamper stamper;
  private final LampPlanWorker worker;
  private final Map<String, Source> sources = new HashMap<>();

  /** Where a lamp's level is read. */
  private record Source(BusWorker bus, int position, int device, int point, int decimals) {}

  /**
   * @param targets who executes what is not the plan's.
   */
  PlannedLamps(
      SiteConfig.Plan plan,
      Catalog catalog,
      List<BusWorker> buses,
      CommandDesk.Targets targets,
      SampleSink events,
      Stamper stamper,
      Counters counters) {
    this.catalog = catalog;
    this.targets = targets;
    this.stamper = stamper;
    for (BusWorker bus : buses) {
      for (int i = 0; i < bus.devices().size(); i++) {
        List<PointType> points = bus.devices().get(i).driver().points();
        for (int p = 0; p < points.size(); p++) {
          if (points.get(p).name().equals(LEVEL)) {
            String asset = bus.devices().get(i).asset();
            sources.put(
                asset, new Source(bus, i, catalog.indexOf(asset), p, points.get(p).decimals()));
          }
        }
      }
    }
    this.worker = new LampPlanWorker(plan.groups(), plan.place(), this, events, stamper, counters);
  }

  LampPlanWorker worker() {
    return worker;
  }

  /** Overrides that were given before this start hold on. */
  void resume(CommandLog log) {
    log.recent(
        REMEMBERED,
        rows -> {
          Set<String> seen = new HashSet<>();
          for (CommandLog.Row row : rows) {
            String lamp = row.command().target();
            boolean concerns =
                row.outcome().state() == Outcome.State.DONE
                    && (row.command().op().equals(SET_LEVEL) || row.command().op().equals(RELEASE))
                    && worker.groupOf(lamp) != null;
            if (concerns && seen.add(lamp)) {
              LampOverride override = LampOverride.of(row.outcome().details());
              if (override != null && !override.isOver(stamper.now())) {
                worker.override(lamp, override, false);
              }
            }
          }
        });
  }

  @Override
  public @Nullable Shown shown(String lamp) {
    Source source = sources.get(lamp);
    BusWorker.Last last = source == null ? null : source.bus().last(source.position());
    if (source == null || last == null) {
      return null;
    }
    Sample sample = last.sample();
    long value = sample.values()[source.point()];
    if (value == Sample.NONE || sample.qualityOf(source.point()) != Quality.GOOD) {
      return null;
    }
    double level = value / Math.pow(10, source.decimals());
    return new Shown((int) Math.round(level), sample.stamp().monoMs());
  }

  @Override
  public boolean order(String lamp, int level, Consumer<Outcome> done) {
    int device = targets.device(lamp);
    return targets.execute(
        device, new Order(SET_LEVEL, Map.of(LEVEL, (long) level)), () -> null, done);
  }

  @Override
  public int device(String target) {
    return targets.device(target);
  }

  @Override
  public boolean execute(
      int device, Order order, Supplier<@Nullable Outcome> refusal, Consumer<Outcome> done) {
    boolean isSet = order.op().equals(SET_LEVEL) && order.args().containsKey(FOR);
    boolean isRelease = order.op().equals(RELEASE);
    if (!isSet && !isRelease) {
      return targets.execute(device, order, refusal, done);
    }
    Outcome wrong = wrong(catalog.devices().get(device).id(), order);
    if (wrong != null) {
      done.accept(wrong);
    } else if (isRelease) {
      done.accept(Outcome.done(Map.of()));
    } else {
      Map<String, Object> args = new HashMap<>(order.args());
      args.remove(FOR);
      return targets.execute(device, new Order(order.op(), args), refusal, done);
    }
    return true;
  }

  private @Nullable Outcome wrong(String target, Order order) {
    if (worker.groupOf(target) == null) {
      return Outcome.of(
          Outcome.State.REJECTED,
          "no plan has " + target + " to return to; a [[plan]] of the configuration may");
    }
    Object seconds = order.args().get(FOR);
    if (seconds != null && !(seconds instanceof Long given && given >= 1 && given <= FOR_MOST_S)) {
      return Outcome.of(
          Outcome.State.REJECTED, "for " + seconds + ", expected seconds, 1.." + FOR_MOST_S);
    }
    return null;
  }

  @Override
  public boolean readBack(int device, Consumer<CommandDesk.Found> done) {
    return targets.readBack(device, done);
  }

  @Override
  public Outcome settled(Command command, Outcome outcome) {
    PlanGroup group = worker.groupOf(command.target());
    if (group == null) {
      return outcome;
    }
    if (command.op().equals(RELEASE)) {
      worker.release(command.target());
    }
    if (!command.op().equals(SET_LEVEL)
        || !(command.args().get(LEVEL) instanceof Long level)
        || level < 0
        || level > PERCENT_MOST) {
      return outcome;
    }
    long forMs =
        command.args().get(FOR) instanceof Long seconds ? seconds * 1000 : group.overrideMs();
    LampOverride override = new LampOverride(level.intValue(), stamper.now(), forMs);
    worker.override(command.target(), override, true);
    Map<String, Object> details = new HashMap<>(outcome.details());
    details.putAll(override.details());
    return new Outcome(outcome.state(), outcome.why(), details);
  }
}
