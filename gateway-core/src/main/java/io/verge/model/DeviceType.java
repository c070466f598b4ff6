package io.verge.model;

import java.util.List;

/**
 * What the devices of one kind have in common in the catalog.
 *
 * @param name for example {@code lamp}; not unique: two profiles may share it.
 * @param periodMs nominal milliseconds between two samples of one device.
 * @param points in the order of the values of a sample; 1..64.
 */
public record DeviceType(String name, long periodMs, List<PointType> points) {
  public static final int POINTS_MAX = 64;

  public DeviceType {
    points = List.copyOf(points);
    if (points.isEmpty() || points.size() > POINTS_MAX) {
      throw new IllegalArgumentException(
          points.size() + " points in type " + name + ", expected 1.." + POINTS_MAX);
    }
    if (periodMs <= 0) {
      throw new IllegalArgumentException("period " + periodMs + " ms of type " + name);
    }
  }
}
