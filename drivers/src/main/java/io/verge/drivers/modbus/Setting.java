package io.verge.drivers.modbus;

import io.verge.drivers.wire.modbus.ModbusCodec;
import io.verge.model.PointType;
import org.jspecify.annotations.Nullable;

/**
 * An operation {@code set-X} of a profile: point X is written somewhere, and read back there.
 *
 * @param point X.
 * @param bits what a coil stands for; null where a holding register is written.
 * @param function 5 or 15 with {@code bits}, else 6 or 16.
 * @param register the coil or holding register written, from 0 on.
 * @param most a register may be set to; the least is 0.
 */
record Setting(PointType point, @Nullable BitPoint bits, int function, int register, long most) {

  String name() {
    return "set-" + point.name();
  }

  Setting moved(int by) {
    return new Setting(point, bits, function, register + by, most);
  }

  Setting behindOpening() {
    return new Setting(point, bits == null ? null : bits.behindOpening(), function, register, most);
  }

  /** The last coil or register it writes. */
  int last() {
    return register + (bits == null ? 1 : bits.bits()) - 1;
  }

  boolean takes(long value) {
    return bits == null ? value >= 0 && value <= most : bits.shows(value);
  }

  /** What it takes, for people. */
  String expected() {
    if (bits == null) {
      return "an integer 0.." + most;
    }
    return bits.bits() > 1 ? "an integer 0.." + ((1L << bits.bits()) - 1) : "0 or " + bits.one();
  }

  /**
   * @param value one it takes.
   */
  byte[] write(int unit, long value) {
    return switch (function) {
      case ModbusCodec.WRITE_COIL -> ModbusCodec.writeCoil(unit, register, cells(value)[0]);
      case ModbusCodec.WRITE_COILS -> ModbusCodec.writeCoils(unit, register, cells(value));
      case ModbusCodec.WRITE_REGISTERS ->
          ModbusCodec.writeRegisters(unit, register, (int) value & 0xFFFF);
      default -> ModbusCodec.writeRegister(unit, register, (int) value & 0xFFFF);
    };
  }

  private boolean[] cells(long value) {
    if (bits == null) {
      throw new IllegalStateException(name() + " writes coils and has none");
    }
    return bits.cells(value);
  }

  /** What reads back what was written. */
  byte[] read(int unit) {
    return bits == null
        ? ModbusCodec.read(unit, ModbusCodec.READ_HOLDING, register, 1)
        : ModbusCodec.read(unit, ModbusCodec.READ_COILS, register, bits.bits());
  }

  /** The value a checked answer to {@link #read} holds. */
  long held(byte[] answer) {
    return bits == null
        ? ModbusCodec.registers(answer)[0]
        : bits.value(ModbusCodec.bits(answer), 0);
  }
}
