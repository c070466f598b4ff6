package io.verge.local;

import java.util.List;

/**
 * The store.
 *
 * @param bytes on disk now, WAL and indexes included.
 * @param limitBytes the most it may take.
 * @param freeBytes free on its file system.
 */
public record BufferView(List<LaneView> lanes, long bytes, long limitBytes, long freeBytes) {
  public BufferView {
    lanes = List.copyOf(lanes);
  }
}
