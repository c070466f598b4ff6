package io.verge.drivers.wire.modbus;

import io.verge.bytes.Checksums;
import io.verge.bytes.Decoded;

/**
 * Modbus RTU frames: unit, function, data, CRC low byte first; 4..256 bytes. Static functions.
 *
 * <p>Source: MODBUS Application Protocol V1.1b3, sections 6.1..6.12; MODBUS over Serial Line V1.02,
 * section 2.5.1.
 */
public final class ModbusCodec {
  /** Longest frame on a serial line: MODBUS over Serial Line V1.02, section 2.5.1. */
  public static final int FRAME_MAX = 256;

  public static final int READ_COILS = 1;
  public static final int READ_DISCRETE_INPUTS = 2;
  public static final int READ_HOLDING = 3;
  public static final int READ_INPUT = 4;
  public static final int WRITE_COIL = 5;
  public static final int WRITE_REGISTER = 6;
  public static final int WRITE_COILS = 15;
  public static final int WRITE_REGISTERS = 16;

  /** Most registers of one read: V1.1b3, sections 6.3 and 6.4. */
  public static final int READ_REGISTERS_MAX = 125;

  /** Most coils of one read: V1.1b3, section 6.1. */
  public static final int READ_COILS_MAX = 2000;

  /** Most coils of one write: V1.1b3, section 6.11. */
  public static final int WRITE_COILS_MAX = 1968;

  /** Most registers of one write: V1.1b3, section 6.12. */
  public static final int WRITE_REGISTERS_MAX = 123;

  private ModbusCodec() {}

  /** Whether a read function gives single bits, not registers. */
  public static boolean isOfBits(int readFunction) {
    return readFunction <= READ_DISCRETE_INPUTS;
  }

  /**
   * A read of functions 1..4.
   *
   * @throws IllegalArgumentException if the numbers do not fit a request: our bug.
   */
  public static byte[] read(int unit, int function, int address, int count) {
    int most = isOfBits(function) ? READ_COILS_MAX : READ_REGISTERS_MAX;
    if (function < 1 || function > 4 || count < 1 || count > most || address + count > 0x10000) {
      throw new IllegalArgumentException(
          "read function " + function + " of " + count + " at " + address);
    }
    return request(unit, function, address, count);
  }

  /** Function 6: one holding register. */
  public static byte[] writeRegister(int unit, int address, int value) {
    return request(unit, WRITE_REGISTER, address, value);
  }

  /** Function 5: one coil; FF00 is on, 0000 is off. */
  public static byte[] writeCoil(int unit, int address, boolean on) {
    return request(unit, WRITE_COIL, address, on ? 0xFF00 : 0);
  }

  /**
   * Function 15: coils from {@code address} on.
   *
   * @throws IllegalArgumentException if they do not fit a request: our bug.
   */
  public static byte[] writeCoils(int unit, int address, boolean... on) {
    byte[] frame = writeMany(unit, WRITE_COILS, address, on.length, WRITE_COILS_MAX);
    for (int i = 0; i < on.length; i++) {
      frame[7 + i / 8] |= (byte) (on[i] ? 1 << i % 8 : 0);
    }
    return sealed(frame);
  }

  /**
   * Function 16: holding registers from {@code address} on.
   *
   * @throws IllegalArgumentException if they do not fit a request: our bug.
   */
  public static byte[] writeRegisters(int unit, int address, int... values) {
    byte[] frame = writeMany(unit, WRITE_REGISTERS, address, values.length, WRITE_REGISTERS_MAX);
    for (int i = 0; i < values.length; i++) {
      put(frame, 7 + 2 * i, values[i]);
    }
    return sealed(frame);
  }

  private static byte[] writeMany(int unit, int function, int address, int count, int most) {
    if (count < 1 || count > most || address + count > 0x10000) {
      throw new IllegalArgumentException(
          "write function " + function + " of " + count + " at " + address);
    }
    int bytes = function == WRITE_COILS ? (count + 7) / 8 : 2 * count;
    byte[] frame = new byte[9 + bytes];
    frame[0] = (byte) unit;
    frame[1] = (byte) function;
    put(frame, 2, address);
    put(frame, 4, count);
    frame[6] = (byte) bytes;
    return frame;
  }

  private static byte[] request(int unit, int function, int address, int value) {
    byte[] frame = new byte[8];
    frame[0] = (byte) unit;
    frame[1] = (byte) function;
    put(frame, 2, address);
    put(frame, 4, value);
    return sealed(frame);
  }

  private static byte[] sealed(byte[] frame) {
    int crc = Checksums.crc16Modbus(frame, 0, frame.length - 2);
    frame[frame.length - 2] = (byte) crc;
    frame[frame.length - 1] = (byte) (crc >>> 8);
    return frame;
  }

  private static void put(byte[] frame, int at, int value) {
    frame[at] = (byte) (value >>> 8);
    frame[at + 1] = (byte) value;
  }

  /** Whether the frame's last two bytes are its CRC. */
  public static boolean hasGoodCrc(byte[] bytes, int length) {
    return length >= 4 && Checksums.crc16Modbus(bytes, 0, length) == 0;
  }

  /** An unsigned 16-bit number, high byte first. */
  public static int word(byte[] frame, int at) {
    return (frame[at] & 0xFF) << 8 | frame[at + 1] & 0xFF;
  }

  /** The registers of a checked answer to function 3 or 4. */
  public static int[] registers(byte[] answer) {
    int[] registers = new int[(answer[2] & 0xFF) / 2];
    for (int i = 0; i < registers.length; i++) {
      registers[i] = word(answer, 3 + 2 * i);
    }
    return registers;
  }

  /** The bits of a checked answer to function 1 or 2, 0 or 1 each; its padding too. */
  public static int[] bits(byte[] answer) {
    int[] bits = new int[8 * (answer[2] & 0xFF)];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = answer[3 + i / 8] >>> i % 8 & 1;
    }
    return bits;
  }

  /** The name of an exception code: V1.1b3, section 7. */
  public static String exception(int code) {
    return switch (code) {
      case 1 -> "illegal function";
      case 2 -> "illegal data address";
      case 3 -> "illegal data value";
      case 4 -> "device failure";
      case 5 -> "acknowledge, still working";
      case 6 -> "device busy";
      case 8 -> "memory parity error";
      case 10 -> "gateway path unavailable";
      case 11 -> "gateway target did not respond";
      default -> "exception " + code;
    };
  }

  /** Checks length and CRC of a whole frame. */
  public static Decoded<byte[]> check(byte[] frame) {
    if (frame.length < 4 || frame.length > FRAME_MAX) {
      return Decoded.invalid("frame of " + frame.length + " bytes, expected 4..256", 0);
    }
    int crc = Checksums.crc16Modbus(frame, 0, frame.length - 2);
    int found = (frame[frame.length - 1] & 0xFF) << 8 | frame[frame.length - 2] & 0xFF;
    return crc == found
        ? Decoded.valid(frame)
        : Decoded.invalid(
            String.format(
                "CRC %02X %02X, expected %02X %02X",
                found & 0xFF, found >>> 8, crc & 0xFF, crc >>> 8),
            frame.length - 2);
  }
}
