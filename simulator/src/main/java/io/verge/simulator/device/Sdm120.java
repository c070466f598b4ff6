package io.verge.simulator.device;

import java.util.function.DoubleSupplier;

/**
 * An Eastron SDM120: input registers in pairs, IEEE 754, high word first; the map is that of
 * hardware-notes/sdm120.md.
 */
public final class Sdm120 implements ModbusWire.Slave {
  private static final int REGISTERS = 0x160;
  private static final int TOTAL = 0x156;
  private static final int POINTS = 10;
  private static final double VOLTS = 231.5;
  private static final double FACTOR = 0.97;

  private final DoubleSupplier watts;
  private final DoubleSupplier kilowattHours;

  public Sdm120(DoubleSupplier watts, DoubleSupplier kilowattHours) {
    this.watts = watts;
    this.kilowattHours = kilowattHours;
  }

  @Override
  public int input(int register) {
    if (register < 0 || register >= REGISTERS) {
      return -1;
    }
    double power = watts.getAsDouble();
    double value =
        switch (register & ~1) {
          case 0x00 -> VOLTS;
          case 0x06 -> power / VOLTS / FACTOR;
          case 0x0C -> power;
          case 0x12 -> power / FACTOR;
          case 0x18 -> power * Math.tan(Math.acos(FACTOR));
          case 0x1E -> FACTOR;
          case 0x46 -> 50.0;
          case 0x48, TOTAL -> kilowattHours.getAsDouble();
          default -> 0;
        };
    int bits = Float.floatToIntBits((float) value);
    return (register & 1) == 0 ? bits >>> 16 : bits & 0xFFFF;
  }

  @Override
  public int holding(int register) {
    return -1;
  }

  @Override
  public boolean write(int register, int value) {
    return false;
  }

  /** A poll ends with the total: then it was whole. */
  @Override
  public int readings(int first, int count) {
    return first <= TOTAL && first + count > TOTAL ? POINTS : READINGS_NONE;
  }
}
