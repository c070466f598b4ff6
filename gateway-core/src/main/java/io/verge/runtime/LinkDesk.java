package io.verge.runtime;

import io.verge.autonomy.LinkKeeper;
import io.verge.local.CursorView;
import io.verge.local.MonthView;
import io.verge.local.RecoveryView;
import io.verge.local.UplinkView;
import io.verge.model.Lane;
import io.verge.model.Stamp;
import io.verge.store.StoreView;
import io.verge.uplink.BillingMonth;
import io.verge.uplink.Thrift;
import io.verge.uplink.UplinkSettings;
import io.verge.uplink.UplinkWorker;
import io.verge.uplink.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** What the control socket is told of the links to the back ends, their bills and the modem. */
final class LinkDesk {
  private static final StoreView.Refused NOTHING_REFUSED = new StoreView.Refused(0, List.of(), 0);

  private final Gateway gateway;

  LinkDesk(Gateway gateway) {
    this.gateway = gateway;
  }

  List<UplinkView> all(Stamp now) {
    List<UplinkView> views = new ArrayList<>();
    StoreView store = gateway.store().view();
    long nowMs = gateway.platform().ticker().millis();
    for (UplinkWorker uplink : gateway.uplinks()) {
      io.verge.uplink.UplinkView view = uplink.view();
      UplinkSettings settings = uplink.settings();
      StoreView.Refused refused = store.refused().getOrDefault(view.name(), NOTHING_REFUSED);
      List<CursorView> cursors = new ArrayList<>();
      for (Lane lane : Lane.values()) {
        cursors.add(
            new CursorView(
                lane.word(),
                view.acked()[lane.number()],
                store.lanes().get(lane.number()).next() - 1));
      }
      views.add(
          new UplinkView(
              view.name(),
              view.url().substring(0, view.url().indexOf(':')),
              view.url(),
              state(view.state()),
              view.why(),
              nowMs - view.sinceMs(),
              view.nextMs() == 0 ? null : Math.max(0, view.nextMs() - nowMs),
              settings.ackedByBackEnd() ? "application" : "broker",
              view.underWay(),
              view.lastAckMs() == 0 ? null : nowMs - view.lastAckMs(),
              cursors,
              view.usage().total(),
              settings.line().budgetBytes(),
              settings.codec().word(),
              settings.delivered(),
              refused.batches(),
              refused.last(),
              month(view, now),
              view.keepAliveMs(),
              recovery(nowMs)));
    }
    return views;
  }

  private @Nullable RecoveryView recovery(long nowMs) {
    LinkKeeper.View view = gateway.modem();
    return view == null
        ? null
        : new RecoveryView(
            view.state(),
            view.silentMs(),
            view.last() == null ? "" : view.last().word(),
            view.last() == null ? null : nowMs - view.lastMs(),
            view.lastOutcome(),
            view.today(),
            view.isLocked());
  }

  private static MonthView month(io.verge.uplink.UplinkView view, Stamp now) {
    Usage usage = view.usage();
    boolean isKnown = usage.firstDay() > 0;
    BillingMonth month = BillingMonth.starting(usage.firstDay());
    return new MonthView(
        isKnown ? month.first().toString() : "",
        isKnown ? month.days() : 0,
        LongStream.of(usage.days()).boxed().toList(),
        usage.sent(),
        usage.received(),
        now.hasUtc() ? usage.projection(now.utcMs()) : usage.total(),
        view.thrift() == Thrift.NONE ? "" : view.thrift().words());
  }

  /** The session's phases in the words of {@link UplinkView}. */
  private static String state(String phase) {
    return switch (phase) {
      case "sending" -> "up";
      case "resting" -> "resting";
      case "connecting", "greeting" -> "connecting";
      default -> "down";
    };
  }
}
