package io.verge.store;

import io.verge.model.Lane;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Looks at the store for those who watch it. Store thread only. */
final class StoreViews {
  private final StoreSettings settings;
  private final Refusals refusals;
  private long @Nullable [] firstSamples;
  private StoreView.Held[] held = {
    new StoreView.Held(0, 0, 0, 0), new StoreView.Held(0, 0, 0, 0), new StoreView.Held(0, 0, 0, 0)
  };

  StoreViews(StoreSettings settings, Refusals refusals) {
    this.settings = settings;
    this.refusals = refusals;
  }

  private long[] firstSamples(Store store) {
    if (firstSamples == null) {
      firstSamples = Arrays.stream(Lane.values()).mapToLong(store::nextSample).toArray();
    }
    return firstSamples;
  }

  /** Counts batches again: they changed. */
  void recount(Store store) throws StoreException {
    StoreView.Held[] fresh = new StoreView.Held[held.length];
    for (Lane lane : Lane.values()) {
      fresh[lane.number()] = store.held(lane, least(store, lane));
    }
    held = fresh;
  }

  private long least(Store store, Lane lane) {
    return settings.uplinks().stream()
        .mapToLong(uplink -> store.acked(uplink, lane))
        .min()
        .orElse(0);
  }

  StoreView look(Store store, Seals seals, Intake intake, int inbox, long bytes, String trouble)
      throws StoreException {
    long[] next = store.nextNumbers();
    List<StoreView.LaneView> lanes = new ArrayList<>();
    for (Lane lane : Lane.values()) {
      Map<String, Long> acked = new HashMap<>();
      settings.uplinks().forEach(uplink -> acked.put(uplink, store.acked(uplink, lane)));
      lanes.add(
          new StoreView.LaneView(
              lane.word(),
              seals.rows(lane),
              seals.readings(lane),
              seals.bytes(lane),
              held[lane.number()],
              next[lane.number()],
              firstSamples(store)[lane.number()],
              store.nextSample(lane),
              Map.copyOf(acked)));
    }
    return new StoreView(
        store.epoch(),
        store.wasClean(),
        inbox,
        bytes,
        settings.maxBytes(),
        intake.lastCommitMs(),
        intake.commits(),
        store.isDurable(),
        trouble,
        lanes,
        refusals.view());
  }

  /** The last look, with what went wrong since. */
  StoreView troubled(StoreView old, Intake intake, int inbox, String trouble) {
    return new StoreView(
        old.epoch(),
        old.wasClean(),
        inbox,
        old.bytes(),
        old.maxBytes(),
        intake.lastCommitMs(),
        intake.commits(),
        old.isDurable(),
        trouble,
        old.lanes(),
        old.refused());
  }
}
