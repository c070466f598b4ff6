package io.verge.drivers.modbus;

import io.verge.model.PointType;

/** A point and where a device has it. */
sealed interface MapPoint permits RegisterPoint, BitPoint, LoopPoint {
  PointType type();

  /** The function that reads it, 1..4. */
  int function();

  /** The first register, coil or discrete input, from 0 on. */
  int register();

  /** How many of them. */
  int words();

  /** The same point {@code by} registers, coils or inputs further on. */
  MapPoint moved(int by);

  /**
   * The value in the point's resolution.
   *
   * @param cells of one answer: registers, or bits of 0 and 1; the point's begin at {@code from}.
   * @return {@link io.verge.model.Sample#NONE} if the device sent none.
   */
  long value(int[] cells, int from);

  /** Why {@link #value} gave none, for the technician. */
  default String none(int[] cells, int from) {
    return type().name() + " is not a number in range";
  }
}
