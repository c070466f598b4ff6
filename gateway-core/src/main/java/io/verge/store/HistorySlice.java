package io.verge.store;

import io.verge.model.Quality;
import io.verge.model.Stamp;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of a point's past, oldest first; the parts come newest first.
 *
 * @param next where to go on, or null at the end.
 * @param why the disk could not be read, or empty.
 */
public record HistorySlice(List<Reading> readings, @Nullable Mark next, String why) {
  /**
   * One value.
   *
   * @param value scaled by {@code decimals}; {@link io.verge.model.Sample#NONE} for none.
   */
  public record Reading(Stamp stamp, long value, int decimals, String unit, Quality quality) {}

  /**
   * How far a search is.
   *
   * @param below batches from here on are done.
   * @param tooOld batches in a row that were older than wanted.
   */
  public record Mark(long below, int tooOld) {
    /** From the newest sample on. */
    public static final Mark START = new Mark(Long.MAX_VALUE, 0);
  }

  public HistorySlice {
    readings = List.copyOf(readings);
  }
}
