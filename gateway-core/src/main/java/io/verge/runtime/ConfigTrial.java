package io.verge.runtime;

import io.verge.poll.BusWorker;
import io.verge.time.Bell;
import io.verge.time.Worker;
import io.verge.uplink.UplinkWorker;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Watches a configuration on trial: every bus must be up, every device must answer once, every
 * uplink must be up, except what ailed before the change. Asks each device out of turn, one at a
 * time a bus, so that a meter read every quarter of an hour needs no quarter of an hour.
 */
final class ConfigTrial implements Worker {
  private static final long LOOK_NANOS = 500_000_000L;
  private static final int NAMED_MAX = 5;

  /** How the trial ended. */
  record Verdict(boolean healthy, String why) {}

  private final Bell bell = new Bell();
  private final Gateway gateway;
  private final ConfigIndex.Trial trial;
  private final long deadlineNanos;
  private final Consumer<Verdict> told;
  private final Set<String> proven = ConcurrentHashMap.newKeySet();
  private final Set<String> asked = ConcurrentHashMap.newKeySet();
  private final Map<String, Integer> turns = new HashMap<>();
  private boolean decided;

  /**
   * @param told once, on the worker's thread.
   */
  ConfigTrial(Gateway gateway, ConfigIndex.Trial trial, Consumer<Verdict> told) {
    this.gateway = gateway;
    this.trial = trial;
    this.told = told;
    this.deadlineNanos = gateway.platform().ticker().nanos() + trial.withinMs() * 1_000_000;
  }

  @Override
  public String name() {
    return "trial";
  }

  @Override
  public Bell bell() {
    return bell;
  }

  @Override
  public long step(long nowNanos) {
    if (decided) {
      return NEVER;
    }
    gateway.buses().forEach(this::ask);
    List<String> missing = missing();
    if (missing.isEmpty() && !trial.byHand()) {
      decided = true;
      told.accept(new Verdict(true, "buses, devices and uplinks proved healthy"));
    } else if (nowNanos - deadlineNanos >= 0) {
      decided = true;
      told.accept(new Verdict(false, missing.isEmpty() ? "nobody confirmed it" : told(missing)));
    }
    return decided ? NEVER : Math.min(nowNanos + LOOK_NANOS, deadlineNanos);
  }

  private static String told(List<String> missing) {
    String first = String.join("; ", missing.subList(0, Math.min(NAMED_MAX, missing.size())));
    int more = missing.size() - NAMED_MAX;
    return more > 0 ? first + "; and " + more + " more" : first;
  }

  private void ask(BusWorker bus) {
    if (!bus.view().up() || asked.contains(bus.bus())) {
      return;
    }
    int count = bus.devices().size();
    int first = turns.getOrDefault(bus.bus(), 0);
    for (int step = 0; step < count; step++) {
      int i = (first + step) % count;
      String asset = bus.devices().get(i).asset();
      BusWorker.Last last = bus.last(i);
      if (last != null && last.failures() == 0) {
        proven.add(asset);
      }
      if (!proven.contains(asset) && !trial.ailing().contains(asset)) {
        asked.add(bus.bus());
        turns.put(bus.bus(), i + 1);
        boolean taken =
            bus.read(
                i,
                answer -> {
                  if (answer.failures() == 0) {
                    proven.add(asset);
                  }
                  asked.remove(bus.bus());
                });
        if (!taken) {
          asked.remove(bus.bus());
        }
        return;
      }
    }
  }

  private List<String> missing() {
    List<String> missing = new ArrayList<>();
    for (BusWorker bus : gateway.buses()) {
      if (!bus.view().up()) {
        if (!trial.ailing().contains(bus.bus())) {
          missing.add("bus " + bus.bus() + " is down: " + bus.view().why());
        }
        continue;
      }
      bus.devices().stream()
          .map(device -> device.asset())
          .filter(asset -> !proven.contains(asset) && !trial.ailing().contains(asset))
          .forEach(asset -> missing.add(asset + " did not answer"));
    }
    for (UplinkWorker uplink : gateway.uplinks()) {
      if (!isUp(uplink) && !trial.ailing().contains(uplink.view().name())) {
        missing.add("uplink " + uplink.view().name() + " is not up: " + uplink.view().why());
      }
    }
    return missing;
  }

  private static boolean isUp(UplinkWorker uplink) {
    return uplink.view().state().equals("sending");
  }

  /** Buses, assets and uplinks that do not work now, and can't be asked to after a change. */
  static Set<String> ailing(Gateway gateway) {
    Set<String> ailing = new HashSet<>();
    for (BusWorker bus : gateway.buses()) {
      boolean up = bus.view().up();
      if (!up) {
        ailing.add(bus.bus());
      }
      for (int i = 0; i < bus.devices().size(); i++) {
        BusWorker.Last last = bus.last(i);
        if (!up || (last != null && last.failures() > 0)) {
          ailing.add(bus.devices().get(i).asset());
        }
      }
    }
    gateway.uplinks().stream()
        .filter(uplink -> !isUp(uplink))
        .forEach(uplink -> ailing.add(uplink.view().name()));
    return ailing;
  }

  @Override
  public void close() {}
}
