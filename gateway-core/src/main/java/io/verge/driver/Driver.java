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
   * What point {@code X} reads after operation {@code set-X} with this value: the value itself,
   * unless the device's steps are coarser than the point's.
   */
  default long shown(String point, long wanted) {
    return wanted;
  }
}
