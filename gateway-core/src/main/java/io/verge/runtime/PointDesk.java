package io.verge.runtime;

import io.verge.local.Desk;
import io.verge.local.PointView;
import io.verge.local.ReadingView;
import io.verge.local.Reply;
import io.verge.local.SampleView;
import io.verge.local.TargetPattern;
import io.verge.model.Lane;
import io.verge.model.PointType;
import io.verge.model.Sample;
import io.verge.model.Stamp;
import io.verge.poll.BusWorker;
import io.verge.poll.Polled;
import io.verge.store.HistoryQuery;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What people see of the points: those on the buses, and the gateway's own. */
final class PointDesk {
  private final Gateway gateway;

  PointDesk(Gateway gateway) {
    this.gateway = gateway;
  }

  /**
   * @param pattern see {@link Desk#points}.
   */
  List<PointView> all(@Nullable String pattern, Stamp now) {
    TargetPattern wanted = TargetPattern.parse(pattern == null ? "*" : pattern);
    List<PointView> found = new ArrayList<>();
    for (BusWorker bus : gateway.buses()) {
      for (int i = 0; i < bus.devices().size(); i++) {
        Polled polled = bus.devices().get(i);
        BusWorker.Last last = bus.last(i);
        Sample sample = last == null ? null : last.sample();
        add(found, wanted, polled.asset(), polled.driver().points(), sample, now);
      }
    }
    HealthWatch health = gateway.health();
    if (health != null) {
      add(found, wanted, own(), health.type().points(), health.last(), now);
    }
    return found;
  }

  private String own() {
    return gateway.config().gateway();
  }

  private static void add(
      List<PointView> found,
      TargetPattern wanted,
      String asset,
      List<PointType> types,
      @Nullable Sample sample,
      Stamp now) {
    for (int p = 0; p < types.size(); p++) {
      PointType type = types.get(p);
      if (!wanted.matches(asset, type.name())) {
        continue;
      }
      found.add(
          sample == null
              ? new PointView(asset, type.name(), null, type.unit(), "none", null, null)
              : new PointView(
                  asset,
                  type.name(),
                  ReadingView.text(sample.values()[p], type.decimals()),
                  type.unit(),
                  ReadingView.word(sample.qualityOf(p)),
                  SampleView.utc(sample.stamp()),
                  SampleView.ageMs(sample.stamp(), now)));
    }
  }

  /** See {@link Desk#read}. */
  void read(String target, Consumer<Reply> answer) {
    String asset = target.contains("/") ? target.substring(0, target.indexOf('/')) : target;
    Consumer<Sample> told = sample -> answer.accept(new Reply.Done(view(sample)));
    HealthWatch health = gateway.health();
    if (health != null && asset.equals(own())) {
      if (!health.read(told)) {
        answer.accept(busy("for the gateway's own points"));
      }
      return;
    }
    for (BusWorker bus : gateway.buses()) {
      for (int i = 0; i < bus.devices().size(); i++) {
        if (bus.devices().get(i).asset().equals(asset)) {
          if (!bus.read(i, last -> told.accept(last.sample()))) {
            answer.accept(busy("on bus " + bus.bus()));
          }
          return;
        }
      }
    }
    answer.accept(GatewayDesk.unknown(asset));
  }

  private SampleView view(Sample sample) {
    return SampleView.of(sample, gateway.catalog(), gateway.stamper().now());
  }

  private static Reply busy(String where) {
    return new Reply.Refused(GatewayDesk.BUSY, "too much waits " + where, "try again");
  }

  /** See {@link Desk#history}. */
  Desk.@Nullable Past history(String target, long sinceMs, long untilMs) {
    int slash = target.indexOf('/');
    if (slash < 0) {
      return null;
    }
    String asset = target.substring(0, slash);
    String point = target.substring(slash + 1);
    Lane lane = lane(asset, point);
    return lane == null
        ? null
        : new StoredPast(
            gateway.store(),
            new HistoryQuery(lane, asset, point, gateway.stamper().now(), sinceMs, untilMs));
  }

  /** The lane of a point; null: there is no such point. */
  private @Nullable Lane lane(String asset, String point) {
    HealthWatch health = gateway.health();
    if (health != null && asset.equals(own()) && has(health.type().points(), point)) {
      return HealthWatch.LANE;
    }
    for (BusWorker bus : gateway.buses()) {
      for (Polled polled : bus.devices()) {
        if (polled.asset().equals(asset) && has(polled.driver().points(), point)) {
          return polled.lane();
        }
      }
    }
    return null;
  }

  private static boolean has(List<PointType> types, String point) {
    return types.stream().anyMatch(type -> type.name().equals(point));
  }
}
