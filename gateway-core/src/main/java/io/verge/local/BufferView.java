package io.verge.local;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The store.
 *
 * @param bytes on disk now, WAL and indexes included.
 * @param limitBytes the most it may take.
 * @param freeBytes free on its file system.
 * @param card what it lies on; null where that can't be told.
 */
public record BufferView(
    List<LaneView> lanes, long bytes, long limitBytes, long freeBytes, @Nullable CardView card) {
  public BufferView {
    lanes = List.copyOf(lanes);
  }
}
