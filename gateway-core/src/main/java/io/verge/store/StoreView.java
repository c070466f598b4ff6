package io.verge.store;

import java.util.List;
import java.util.Map;

/**
 * What the store was last seen holding.
 *
 * @param inbox samples and events not committed yet.
 * @param bytes on disk: database, write-ahead log, its index, journal file, ballast.
 * @param lastCommitMs monotonic milliseconds; 0: none yet.
 * @param isDurable false: it lives in memory, and a stop loses what is not delivered.
 * @param trouble why the last commit failed, or empty.
 * @param refused by uplink, what its back end refused for good; nothing where nothing was.
 */
public record StoreView(
    long epoch,
    boolean wasClean,
    int inbox,
    long bytes,
    long maxBytes,
    long lastCommitMs,
    long commits,
    boolean isDurable,
    String trouble,
    List<LaneView> lanes,
    Map<String, Refused> refused) {
  /**
   * Batches that a back end refused for good.
   *
   * @param batches since the store was made.
   * @param last lane and number of the last one of each lane.
   * @param utcMs when the last one was given up; 0: the clock was not trusted then.
   */
  public record Refused(long batches, List<String> last, long utcMs) {
    public Refused {
      last = List.copyOf(last);
    }
  }

  /**
   * One lane.
   *
   * @param journalRows commits that wait to be sealed.
   * @param journalReadings in them.
   * @param held batches on disk.
   * @param next number of the next batch.
   * @param firstSample number of the first sample or event of this run: what was found at the
   *     start.
   * @param nextSample number of the next sample or event; all below are committed.
   * @param acked by uplink, the highest acked batch.
   */
  public record LaneView(
      String lane,
      int journalRows,
      long journalReadings,
      long journalBytes,
      Held held,
      long next,
      long firstSample,
      long nextSample,
      Map<String, Long> acked) {}

  /**
   * Batches of a lane on disk.
   *
   * @param unacked of them not acked by every uplink.
   * @param unackedBytes of their messages.
   * @param shed readings given up since the store was made.
   */
  public record Held(long batches, long unacked, long unackedBytes, long shed) {}

  public StoreView {
    lanes = List.copyOf(lanes);
    refused = Map.copyOf(refused);
  }
}
