package io.verge.store;

import io.verge.health.Counters;
import io.verge.model.Lane;
import io.verge.model.Severity;
import io.verge.model.Stamp;
import io.verge.time.Stamper;
import java.util.Map;
import java.util.Optional;

/**
 * The store's books with the uplinks: which batch each gets, and what is counted as delivered or
 * refused. Store thread only.
 */
final class Deliveries {
  private final Refusals refusals;
  private final StoreNews news;
  private final Stamper stamper;
  private final Counters counters;

  Deliveries(Refusals refusals, StoreNews news, Stamper stamper, Counters counters) {
    this.refusals = refusals;
    this.news = news;
    this.stamper = stamper;
    this.counters = counters;
  }

  /** The uplink's first batch of the lane above {@code afterBseq}, or what it gets in its place. */
  Optional<StoredBatch> next(Store store, String uplink, Lane lane, long afterBseq)
      throws StoreException {
    Optional<StoredBatch> found = store.next(lane, afterBseq);
    return found.isPresent()
            && found.get().bseq() > store.acked(uplink, lane)
            && refusals.has(uplink, lane, found.get().bseq())
        ? Optional.of(store.standIn(found.get()))
        : found;
  }

  /** Whether the ack meant this store, and moved a cursor or repeated where it is. */
  boolean ack(Store store, String uplink, Lane lane, long ofEpoch, long bseq)
      throws StoreException {
    long before = store.acked(uplink, lane);
    long acked = store.ack(uplink, lane, ofEpoch, bseq);
    if (acked < 0) {
      counters.increment("acks.ignored");
      return false;
    }
    long refused = refusals.readings(uplink, lane, before, bseq);
    counters.add("readings.delivered." + uplink, acked - refused);
    counters.add("readings.refused." + uplink, refused);
    return true;
  }

  /** Whether it is news that this uplink's back end refuses the batch. */
  boolean refuse(Store store, String uplink, Lane lane, long bseq) throws StoreException {
    Stamp now = stamper.now();
    if (!refusals.add(store, uplink, lane, bseq, now.hasUtc() ? now.utcMs() : 0)) {
      return false;
    }
    counters.increment("batches.refused");
    news.note(
        "uplink.batch-refused",
        Severity.ERROR,
        Map.of("uplink", uplink, "lane", lane.word(), "bseq", bseq));
    return true;
  }
}
