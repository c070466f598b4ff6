package io.verge.store;

import io.verge.bytes.Decoded;
import io.verge.model.Gap;
import io.verge.model.Lane;
import io.verge.wire.Batch;
import io.verge.wire.BatchCodec;
import io.verge.wire.Clk;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Batches that one uplink's back end refused for good. That uplink gets a stand-in of the same
 * number, without samples, that declares the batch's numbers lost; all others, and the history, the
 * batch itself. Survives restarts. Store thread only.
 */
final class Refusals {
  static final String REASON = "refused";

  private static final String OWNER = "refused/";

  /** Of a lane, in what is kept: number, readings, UTC milliseconds. */
  private static final int LANE_NUMBERS = 3;

  private static final int HEAD_NUMBERS = 2;
  private static final Clk NO_TIMES = new Clk(false, 0, 0);

  /** Of one uplink: batches in all, and the last of every lane; an earlier one is acked. */
  private static final class Refused {
    long total;
    final long[] lanes = new long[Lane.values().length * LANE_NUMBERS];

    long bseq(Lane lane) {
      return lanes[lane.number() * LANE_NUMBERS];
    }
  }

  private final Map<String, Refused> uplinks = new HashMap<>();

  /** What the store at hand knows: numbers of another epoch mean other batches. */
  void use(Store store, Iterable<String> names) throws StoreException {
    uplinks.clear();
    for (String name : names) {
      Refused refused = new Refused();
      long[] kept = store.kept(OWNER + name).orElse(new long[0]);
      if (kept.length == HEAD_NUMBERS + refused.lanes.length && kept[0] == store.epoch()) {
        refused.total = kept[1];
        System.arraycopy(kept, HEAD_NUMBERS, refused.lanes, 0, refused.lanes.length);
      }
      uplinks.put(name, refused);
    }
  }

  /**
   * Notes a refusal, durably.
   *
   * @return false if it was noted before, or the store does not have the batch.
   */
  boolean add(Store store, String uplink, Lane lane, long bseq, long utcMs) throws StoreException {
    Refused refused = uplinks.computeIfAbsent(uplink, unused -> new Refused());
    StoredBatch batch = store.next(lane, bseq - 1).orElse(null);
    if (batch == null || batch.bseq() != bseq || refused.bseq(lane) == bseq) {
      return false;
    }
    long[] kept = new long[HEAD_NUMBERS + refused.lanes.length];
    int at = lane.number() * LANE_NUMBERS;
    System.arraycopy(refused.lanes, 0, kept, HEAD_NUMBERS, refused.lanes.length);
    kept[0] = store.epoch();
    kept[1] = refused.total + 1;
    kept[HEAD_NUMBERS + at] = bseq;
    kept[HEAD_NUMBERS + at + 1] = batch.readings();
    kept[HEAD_NUMBERS + at + 2] = utcMs;
    store.keep(OWNER + uplink, kept);
    refused.total++;
    System.arraycopy(kept, HEAD_NUMBERS, refused.lanes, 0, refused.lanes.length);
    return true;
  }

  boolean has(String uplink, Lane lane, long bseq) {
    Refused refused = uplinks.get(uplink);
    return refused != null && refused.bseq(lane) == bseq && bseq > 0;
  }

  /** Readings that an ack from one number to another did not deliver. */
  long readings(String uplink, Lane lane, long after, long upTo) {
    Refused refused = uplinks.get(uplink);
    return refused != null && refused.bseq(lane) > after && refused.bseq(lane) <= upTo
        ? refused.lanes[lane.number() * LANE_NUMBERS + 1]
        : 0;
  }

  /** For those who look: by uplink, if anything was refused. */
  Map<String, StoreView.Refused> view() {
    Map<String, StoreView.Refused> views = new HashMap<>();
    uplinks.forEach(
        (name, refused) -> {
          if (refused.total > 0) {
            views.put(name, view(refused));
          }
        });
    return Map.copyOf(views);
  }

  private static StoreView.Refused view(Refused refused) {
    List<String> last = new ArrayList<>();
    long utcMs = 0;
    for (Lane lane : Lane.values()) {
      if (refused.bseq(lane) > 0) {
        last.add(lane.word() + " " + refused.bseq(lane));
        utcMs = Math.max(utcMs, refused.lanes[lane.number() * LANE_NUMBERS + 2]);
      }
    }
    return new StoreView.Refused(refused.total, last, utcMs);
  }

  /**
   * What goes in the place of a batch.
   *
   * @param span first and last moment, milliseconds, as the row of the batch has them.
   */
  static StoredBatch standIn(StoredBatch batch, long epoch, long[] span, Catalogs catalogs)
      throws SQLException {
    List<Gap> gaps = new ArrayList<>();
    if (batch.lane() == Lane.EVENT
        && BatchCodec.decode(batch.message(), catalogs.of(batch.catalogRev()))
            instanceof Decoded.Valid<Batch> valid) {
      gaps.addAll(valid.value().gaps());
    }
    if (batch.samples() > 0) {
      gaps.add(
          new Gap(
              batch.lane(),
              batch.bseq(),
              batch.bseq(),
              batch.rseqFirst(),
              batch.rseqFirst() + batch.samples() - 1,
              REASON,
              span[0],
              span[1],
              batch.readings()));
    }
    byte[] message =
        BatchCodec.encode(
            new Batch(
                epoch,
                batch.lane(),
                batch.bseq(),
                batch.rseqFirst(),
                batch.catalogRev(),
                NO_TIMES,
                1,
                List.of(),
                List.of(),
                gaps),
            catalogs.of(batch.catalogRev()));
    return new StoredBatch(
        batch.lane(), batch.bseq(), batch.rseqFirst(), 0, 0, batch.catalogRev(), message);
  }
}
