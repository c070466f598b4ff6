package io.verge.driver;

import io.verge.model.PointType;
import java.util.List;

/** The dialogue with one device: straight-line, no sleeping, no retries, no clock, no logger. */
public sealed interface Driver permits SerialDriver, LineDriver {
  /** The device's points, in the order of {@link Readout#values()}; constant. */
  List<PointType> points();

  /** Operations {@code execute} understands, for example {@code set-level}; empty: read only. */
  default List<String> operations() {
    return List.of();
  }

  /**
   * Whether what an operation did is in {@link Readout#keep()} only: the device is polled, and what
   * it keeps handed to the store, before such an operation counts as done.
   */
  default boolean remembers(String op) {
    return false;
  }

  /**
   * What point {@code X} reads after operation {@code set-X} with this value: the value itself,
   * unless the device's steps are coarser than the point's.
   */
  default long shown(String point, long wanted) {
    return wanted;
  }
}
