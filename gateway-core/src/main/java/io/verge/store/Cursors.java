package io.verge.store;

import io.verge.model.Lane;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * How far each uplink's back end has committed each lane. Written with the next transaction,
 * whatever that is for: losing a write costs a resend, and every write of its own costs the card
 * two pages. Store thread only.
 */
final class Cursors implements Database.Rider {
  private final Map<String, long[]> acked = new HashMap<>();
  private boolean dirty;

  private final Database database;

  private Cursors(Database database) {
    this.database = database;
  }

  static Cursors load(Database database) throws SQLException {
    Cursors cursors = new Cursors(database);
    database.query(
        "SELECT uplink, lane, bseq FROM cursor",
        Database.NOTHING,
        row -> {
          while (row.next()) {
            cursors.of(row.getString(1))[Lane.of(row.getInt(2)).number()] = row.getLong(3);
          }
          return true;
        });
    database.carry(cursors);
    return cursors;
  }

  private long[] of(String uplink) {
    return acked.computeIfAbsent(uplink, unused -> new long[Lane.values().length]);
  }

  long at(String uplink, Lane lane) {
    long[] known = acked.get(uplink);
    return known == null ? 0 : known[lane.number()];
  }

  /**
   * Moves the uplink's cursor; never backwards, never beyond what was sealed.
   *
   * @return how many readings this ack delivered; -1 if there are no such batches: ignored.
   */
  long ack(String uplink, Lane lane, long bseq) throws SQLException {
    long next =
        database.number(
            "SELECT next_bseq FROM lane WHERE lane=?", 0, s -> s.setInt(1, lane.number()));
    if (bseq < 0 || bseq >= next) {
      return -1;
    }
    long before = at(uplink, lane);
    if (bseq <= before) {
      return 0;
    }
    of(uplink)[lane.number()] = bseq;
    dirty = true;
    return database.number(
        "SELECT ifnull(sum(readings), 0) FROM batch WHERE lane=? AND bseq>? AND bseq<=?",
        0,
        s -> {
          s.setInt(1, lane.number());
          s.setLong(2, before);
          s.setLong(3, bseq);
        });
  }

  /** Up to where every one of these uplinks is; everything, if there is none. */
  long least(Collection<String> uplinks, Lane lane) {
    return uplinks.stream().mapToLong(uplink -> at(uplink, lane)).min().orElse(Long.MAX_VALUE);
  }

  boolean isDirty() {
    return dirty;
  }

  @Override
  public void write() throws SQLException {
    if (!dirty) {
      return;
    }
    for (Map.Entry<String, long[]> entry : acked.entrySet()) {
      for (Lane lane : Lane.values()) {
        database.update(
            "INSERT INTO cursor VALUES(?, ?, ?) ON CONFLICT(uplink, lane)"
                + " DO UPDATE SET bseq=excluded.bseq WHERE bseq<excluded.bseq",
            s -> {
              s.setString(1, entry.getKey());
              s.setInt(2, lane.number());
              s.setLong(3, entry.getValue()[lane.number()]);
            });
      }
    }
  }

  @Override
  public void written() {
    dirty = false;
  }

  @Override
  public void undone() {}
}
