package io.verge.autonomy;

import io.verge.health.Counters;
import io.verge.model.Catalog;
import io.verge.model.Event;
import io.verge.model.PointType;
import io.verge.model.Sample;
import io.verge.model.Severity;
import io.verge.model.Stamp;
import io.verge.poll.SampleSink;
import io.verge.time.Bell;
import io.verge.time.Stamper;
import io.verge.time.Worker;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ArrayBlockingQueue;

/**
 * Judges every sample by the rules that concern its asset, and tells when one is raised and when it
 * is cleared. What is raised is known for this run of the gateway: after a restart it is raised
 * again.
 */
public final class RuleWorker implements Worker {
  /** Samples waiting: minutes of the busiest street. */
  private static final int WAITING_MOST = 4096;

  private static final long UNTOLD_EVERY_MS = 3_600_000;
  private static final long NANOS = 1_000_000;
  private static final int NAMED_MOST = 10;

  /** A rule that holds for an asset. */
  public record Raised(String rule, String diagnosis, String asset, Stamp since) {}

  private final Catalog catalog;
  private final SampleSink events;
  private final Stamper stamper;
  private final Counters counters;
  private final Bell bell = new Bell();
  private final ArrayBlockingQueue<Sample> waiting = new ArrayBlockingQueue<>(WAITING_MOST);
  private final Map<Integer, List<Case>> cases = new HashMap<>();
  private final Map<Rule, Telling> tellings = new LinkedHashMap<>();
  private volatile List<Raised> raised = List.of();

  /** A rule and one asset. */
  private static final class Case {
    final Rule rule;
    final Probe probe;
    Alarm alarm = Alarm.CLEAR;

    Case(Rule rule, Probe probe) {
      this.rule = rule;
      this.probe = probe;
    }
  }

  /** What may be told of a rule, and what was not. */
  private static final class Telling {
    Budget budget;
    int untold;
    long untoldMs;
    final TreeSet<String> assets = new TreeSet<>();

    Telling(Budget budget) {
      this.budget = budget;
    }
  }

  public RuleWorker(
      List<Rule> rules,
      Place place,
      Catalog catalog,
      SampleSink events,
      Stamper stamper,
      Counters counters) {
    this.catalog = catalog;
    this.events = events;
    this.stamper = stamper;
    this.counters = counters;
    for (Rule rule : rules) {
      tellings.put(rule, new Telling(Budget.full(stamper.now().monoMs())));
      for (String asset : rule.assets()) {
        cases
            .computeIfAbsent(catalog.indexOf(asset), unused -> new ArrayList<>())
            .add(new Case(rule, rule.diagnosis().probe(place)));
      }
    }
  }

  /** A sample has been taken. Never blocks; any thread. */
  public void offer(Sample sample) {
    if (!cases.containsKey(sample.device())) {
      return;
    }
    if (waiting.offer(sample)) {
      bell.ring();
    } else {
      counters.increment("rules.no_room");
    }
  }

  /** Any thread. */
  public List<Raised> raised() {
    return raised;
  }

  @Override
  public String name() {
    return "rules";
  }

  @Override
  public Bell bell() {
    return bell;
  }

  @Override
  public long step(long nowNanos) {
    for (Sample sample = waiting.poll(); sample != null; sample = waiting.poll()) {
      judge(sample);
    }
    long nowMs = stamper.now().monoMs();
    long waitMs = Long.MAX_VALUE;
    for (Map.Entry<Rule, Telling> entry : tellings.entrySet()) {
      Telling telling = entry.getValue();
      if (telling.untold > 0) {
        long left = telling.untoldMs + UNTOLD_EVERY_MS - nowMs;
        if (left <= 0) {
          tellUntold(entry.getKey(), telling);
        } else {
          waitMs = Math.min(waitMs, left);
        }
      }
    }
    return waitMs == Long.MAX_VALUE ? NEVER : nowNanos + waitMs * NANOS;
  }

  private void judge(Sample sample) {
    Readings readings = new Readings(sample, catalog.typeOf(sample.device()).points());
    for (Case one : cases.getOrDefault(sample.device(), List.of())) {
      Probe.Verdict verdict = one.probe.look(readings);
      if (verdict == Probe.Verdict.NOW) {
        tell(one.rule, "rule.noticed", one.rule.severity(), readings);
        continue;
      }
      Alarm before = one.alarm;
      one.alarm = before.next(verdict, readings.monoMs(), one.rule.dwellMs());
      if (one.alarm.isRaised() != before.isRaised()) {
        turned(one, readings);
      }
    }
  }

  private void turned(Case one, Readings readings) {
    Rule rule = one.rule;
    boolean isRaised = one.alarm.isRaised();
    String asset = asset(readings);
    List<Raised> now = new ArrayList<>(raised);
    now.removeIf(other -> other.rule().equals(rule.name()) && other.asset().equals(asset));
    if (isRaised) {
      now.add(new Raised(rule.name(), rule.diagnosis().word(), asset, readings.sample().stamp()));
    }
    raised = List.copyOf(now);
    tell(
        rule,
        isRaised ? "rule.raised" : "rule.cleared",
        isRaised ? rule.severity() : Severity.NOTICE,
        readings);
  }

  private String asset(Readings readings) {
    return catalog.devices().get(readings.sample().device()).id();
  }

  private void tell(Rule rule, String kind, Severity severity, Readings readings) {
    counters.increment(kind.replace('.', '_'));
    Telling telling = tellings.get(rule);
    if (telling == null) {
      throw new IllegalStateException("no rule " + rule.name());
    }
    long nowMs = readings.monoMs();
    telling.budget = telling.budget.at(nowMs);
    if (telling.budget.left() == 0) {
      telling.untoldMs = telling.untold == 0 ? nowMs : telling.untoldMs;
      telling.untold++;
      telling.assets.add(asset(readings));
      return;
    }
    telling.budget = telling.budget.spend();
    Map<String, Object> details = new HashMap<>();
    details.put("rule", rule.name());
    details.put("diagnosis", rule.diagnosis().word());
    List<PointType> points = readings.points();
    for (int i = 0; i < points.size(); i++) {
      long value = readings.sample().values()[i];
      if (rule.diagnosis().points().contains(points.get(i).name()) && value != Sample.NONE) {
        String text = java.math.BigDecimal.valueOf(value, points.get(i).decimals()).toPlainString();
        details.put(points.get(i).name(), text);
      }
    }
    event(
        new Event(readings.sample().stamp(), kind, severity, readings.sample().device(), details));
  }

  private void tellUntold(Rule rule, Telling telling) {
    List<String> assets = telling.assets.stream().limit(NAMED_MOST).toList();
    event(
        new Event(
            stamper.now(),
            "rule.untold",
            rule.severity(),
            Event.NO_DEVICE,
            Map.of("rule", rule.name(), "count", (long) telling.untold, "assets", assets)));
    telling.untold = 0;
    telling.assets.clear();
  }

  private void event(Event event) {
    if (!events.offer(event)) {
      counters.increment("events.no_room");
    }
  }

  @Override
  public void close() {}
}
