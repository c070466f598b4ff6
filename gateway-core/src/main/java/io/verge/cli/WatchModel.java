package io.verge.cli;

import io.verge.local.BusView;
import io.verge.local.EventView;
import io.verge.local.FrameView;
import io.verge.local.PointView;
import io.verge.local.StatusView;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the watch shows: the latest answers, and what the ones before said of each point. */
final class WatchModel {
  /** Values kept a point: the width of a wide terminal. */
  static final int TRAIL_MAX = 120;

  /** Polls of a bus at one look: all, and those that failed. */
  private record Polls(long all, long failed) {}

  /** How many looks the error rate goes back. */
  private static final int LOOKS_MAX = 300;

  private final Map<String, ArrayDeque<Double>> trails = new HashMap<>();
  private final Map<String, ArrayDeque<Polls>> looks = new HashMap<>();
  private final Map<String, String> lastAt = new HashMap<>();
  private @Nullable StatusView status;
  private Map<String, List<PointView>> assets = new LinkedHashMap<>();
  private List<EventView> events = List.of();
  private List<FrameView> frames = List.of();

  void look(StatusView now, List<PointView> points, List<EventView> happened) {
    status = now;
    events = List.copyOf(happened);
    Map<String, List<PointView>> byAsset = new LinkedHashMap<>();
    for (PointView point : points) {
      byAsset.computeIfAbsent(point.asset(), unused -> new ArrayList<>()).add(point);
      trail(point);
    }
    assets = byAsset;
    for (BusView bus : now.buses()) {
      ArrayDeque<Polls> past = looks.computeIfAbsent(bus.name(), unused -> new ArrayDeque<>());
      past.addLast(new Polls(bus.polls(), bus.failedPolls()));
      if (past.size() > LOOKS_MAX) {
        past.removeFirst();
      }
    }
  }

  void frames(List<FrameView> latest) {
    frames = List.copyOf(latest);
  }

  /** One value a sample, not one a look. */
  private void trail(PointView point) {
    String name = point.asset() + "/" + point.point();
    String at = point.at() == null ? point.value() + " " + point.quality() : point.at();
    if (at.equals(lastAt.put(name, at))) {
      return;
    }
    ArrayDeque<Double> trail = trails.computeIfAbsent(name, unused -> new ArrayDeque<>());
    trail.addLast(number(point));
    if (trail.size() > TRAIL_MAX) {
      trail.removeFirst();
    }
  }

  /** What was before the watch began, oldest first. */
  void past(String asset, String point, List<Double> values) {
    ArrayDeque<Double> trail =
        trails.computeIfAbsent(asset + "/" + point, unused -> new ArrayDeque<>());
    List<Double> newer = new ArrayList<>(trail);
    trail.clear();
    trail.addAll(values);
    newer.stream().limit(values.isEmpty() ? newer.size() : 0).forEach(trail::addLast);
    while (trail.size() > TRAIL_MAX) {
      trail.removeFirst();
    }
  }

  /** NaN where there is no value. */
  static double number(PointView point) {
    String value = point.value();
    if (value == null || !point.quality().equals("good")) {
      return Double.NaN;
    }
    try {
      return Double.parseDouble(value);
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }

  @Nullable StatusView status() {
    return status;
  }

  List<String> assets() {
    return new ArrayList<>(assets.keySet());
  }

  List<PointView> points(String asset) {
    return assets.getOrDefault(asset, List.of());
  }

  @Nullable PointView point(String asset, String name) {
    for (PointView point : points(asset)) {
      if (point.point().equals(name)) {
        return point;
      }
    }
    return null;
  }

  /** Assets that have a point of that name. */
  List<PointView> having(String name) {
    List<PointView> found = new ArrayList<>();
    for (String asset : assets.keySet()) {
      PointView point = point(asset, name);
      if (point != null) {
        found.add(point);
      }
    }
    return found;
  }

  List<Double> trail(String asset, String point) {
    ArrayDeque<Double> trail = trails.get(asset + "/" + point);
    return trail == null ? List.of() : new ArrayList<>(trail);
  }

  /** Per cent of the polls since the oldest look that is remembered; since the start if none. */
  double errorPercent(BusView bus) {
    ArrayDeque<Polls> past = looks.get(bus.name());
    Polls then = past == null ? new Polls(0, 0) : past.getFirst();
    if (then.all() == bus.polls()) {
      then = new Polls(0, 0);
    }
    long all = bus.polls() - then.all();
    return all <= 0 ? 0 : 100.0 * (bus.failedPolls() - then.failed()) / all;
  }

  @Nullable BusView busOf(String asset) {
    StatusView now = status;
    if (now != null) {
      for (BusView bus : now.buses()) {
        if (bus.assets().contains(asset)) {
          return bus;
        }
      }
    }
    return null;
  }

  List<EventView> events() {
    return events;
  }

  List<FrameView> frames() {
    return frames;
  }
}
