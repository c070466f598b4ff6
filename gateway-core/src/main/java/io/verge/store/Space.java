package io.verge.store;

import io.verge.model.Lane;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;

/**
 * What the file takes on disk, and what gives way when that is too much: acked batches first
 * (trim), then the oldest of the lowest lane, leaving a gap (shed). Store thread only.
 */
final class Space {
  /** Why batches were given up, in their gap. */
  static final String REASON_LIMIT = "limit";

  /**
   * A batch given up.
   *
   * @param shed readings lost by it; 0 if it was acked.
   */
  record Given(Lane lane, long shed) {}

  private final Database database;

  Space(Database database) {
    this.database = database;
  }

  /** Bytes of the database in use, free pages not counted. */
  long used() throws StoreException {
    return database.read(
        "measure the store",
        () ->
            (database.number("PRAGMA page_count") - database.number("PRAGMA freelist_count"))
                * database.number("PRAGMA page_size"));
  }

  /**
   * Gives up the least worth having: the oldest batch every uplink has acked, else the oldest
   * telemetry, meter or event batch.
   *
   * @param uplinks whose acks count.
   * @return what was given up, empty if there is nothing.
   */
  Optional<Given> giveWay(Set<String> uplinks) throws StoreException {
    return database.transaction(
        "make room",
        () -> {
          for (int lane = Lane.values().length - 1; lane >= 0; lane--) {
            long oldest = oldest(lane);
            if (oldest > 0 && oldest <= ackedByAll(lane, uplinks)) {
              database.execute("DELETE FROM batch WHERE lane=" + lane + " AND bseq=" + oldest);
              return Optional.of(new Given(Lane.of(lane), 0));
            }
          }
          for (int lane = Lane.values().length - 1; lane >= 0; lane--) {
            long oldest = oldest(lane);
            if (oldest > 0) {
              return Optional.of(new Given(Lane.of(lane), shed(lane, oldest)));
            }
          }
          return Optional.<Given>empty();
        });
  }

  private long oldest(int lane) throws SQLException {
    return database.number("SELECT ifnull(min(bseq), 0) FROM batch WHERE lane=" + lane);
  }

  private long ackedByAll(int lane, Set<String> uplinks) throws SQLException {
    long least = Long.MAX_VALUE;
    for (String uplink : uplinks) {
      least =
          Math.min(
              least,
              database.number(
                  "SELECT bseq FROM cursor WHERE uplink=? AND lane=?",
                  0,
                  s -> {
                    s.setString(1, uplink);
                    s.setInt(2, lane);
                  }));
    }
    return least;
  }

  private long shed(int lane, long bseq) throws SQLException {
    String which = " WHERE lane=" + lane + " AND bseq=" + bseq;
    long rseqFirst = database.number("SELECT rseq_first FROM batch" + which);
    long samples = database.number("SELECT samples FROM batch" + which);
    long readings = database.number("SELECT readings FROM batch" + which);
    int merged =
        database.update(
            "UPDATE gap SET bseq_last=?, rseq_last=?, readings=readings+? WHERE lane=? AND"
                + " bseq_last=? AND reason=?",
            s -> {
              s.setLong(1, bseq);
              s.setLong(2, rseqFirst + samples - 1);
              s.setLong(3, readings);
              s.setInt(4, lane);
              s.setLong(5, bseq - 1);
              s.setString(6, REASON_LIMIT);
            });
    if (merged == 0) {
      database.update(
          "INSERT INTO gap VALUES(?, ?, ?, ?, ?, ?, 0, 0, ?)",
          s -> {
            s.setInt(1, lane);
            s.setLong(2, bseq);
            s.setLong(3, bseq);
            s.setLong(4, rseqFirst);
            s.setLong(5, rseqFirst + samples - 1);
            s.setString(6, REASON_LIMIT);
            s.setLong(7, readings);
          });
    }
    database.execute("DELETE FROM batch" + which);
    return readings;
  }

  boolean hasGaps() throws StoreException {
    return database.read(
        "look for gaps", () -> database.number("SELECT EXISTS(SELECT 1 FROM gap)") == 1);
  }
}
