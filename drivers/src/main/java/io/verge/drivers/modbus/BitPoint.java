package io.verge.drivers.modbus;

import io.verge.drivers.wire.modbus.ModbusCodec;
import io.verge.model.PointType;

/**
 * A point of coils or discrete inputs.
 *
 * @param bits 1..32; the first is the lowest bit of the value.
 * @param one what a single bit of 1 is in the point's resolution; 1 where there are several bits.
 * @param inverted whether a bit of 0 means 1.
 */
record BitPoint(PointType type, int function, int register, int bits, long one, boolean inverted)
    implements MapPoint {
  static final int BITS_MAX = 32;

  @Override
  public int words() {
    return bits;
  }

  @Override
  public BitPoint moved(int by) {
    return new BitPoint(type, function, register + by, bits, one, inverted);
  }

  boolean isCoils() {
    return function == ModbusCodec.READ_COILS;
  }

  /** The same point behind a contact that opens; inputs stay as they are. */
  BitPoint behindOpening() {
    return isCoils() ? new BitPoint(type, function, register, bits, one, !inverted) : this;
  }

  @Override
  public long value(int[] cells, int from) {
    long value = 0;
    for (int i = 0; i < bits; i++) {
      value |= (long) (cells[from + i] ^ (inverted ? 1 : 0)) << i;
    }
    return value * one;
  }

  /** Whether the point can have this value. */
  boolean shows(long value) {
    return bits > 1 ? value >= 0 && value < 1L << bits : value == 0 || value == one;
  }

  /** The bits that make this value. */
  boolean[] cells(long value) {
    boolean[] cells = new boolean[bits];
    for (int i = 0; i < bits; i++) {
      cells[i] = (value / one >>> i & 1) == 1 ^ inverted;
    }
    return cells;
  }
}
