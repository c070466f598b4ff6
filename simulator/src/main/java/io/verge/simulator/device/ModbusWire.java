package io.verge.simulator.device;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * MODBUS RTU slaves: functions 1 to 6 and 15 of the MODBUS Application Protocol V1.1b3, the CRC of
 * MODBUS over Serial Line V1.02, section 2.5.1.2. Written from those documents.
 */
public final class ModbusWire implements Wire {
  /** What a slave's registers hold. */
  public interface Slave {
    int READINGS_NONE = 0;

    /** The register's 16 bits, or -1 where there is none. */
    int input(int register);

    /** The holding register's 16 bits, or -1 where there is none. */
    int holding(int register);

    /** Whether the value was taken. */
    boolean write(int register, int value);

    /** How many readings an answer to a read of input registers carries. */
    int readings(int first, int count);

    /** The coil's 0 or 1, or -1 where there is none. */
    default int coil(int number) {
      return -1;
    }

    /** The discrete input's 0 or 1, or -1 where there is none. */
    default int discrete(int number) {
      return -1;
    }

    /** Switches a coil that is there. */
    default void coil(int number, boolean on) {
      throw new IllegalStateException("no coil " + number);
    }
  }

  private static final int REQUEST_BYTES = 8;
  private static final int ILLEGAL_FUNCTION = 1;
  private static final int ILLEGAL_ADDRESS = 2;
  private static final int ILLEGAL_VALUE = 3;
  private static final int REGISTERS_MAX = 125;
  private static final int READ_BITS_MAX = 2000;
  private static final int WRITE_BITS_MAX = 1968;
  private static final int WRITE_COILS = 15;
  private static final int COIL_ON = 0xFF00;

  private final Map<Integer, Slave> slaves = new TreeMap<>();
  private byte[] waiting = new byte[0];
  private long lastNanos;
  private volatile long served;

  public void put(int address, Slave slave) {
    slaves.put(address, slave);
  }

  @Override
  public byte[] received(byte[] bytes, long nanos) {
    byte[] before = nanos - lastNanos > REQUEST_NANOS ? new byte[0] : waiting;
    lastNanos = nanos;
    byte[] all = Arrays.copyOf(before, before.length + bytes.length);
    System.arraycopy(bytes, 0, all, before.length, bytes.length);
    ByteArrayOutputStream answers = new ByteArrayOutputStream();
    int at = 0;
    while (all.length - at >= REQUEST_BYTES) {
      int length = u8(all, at + 1) == WRITE_COILS ? 9 + u8(all, at + 6) : REQUEST_BYTES;
      if (all.length - at < length) {
        break;
      }
      byte[] request = Arrays.copyOfRange(all, at, at + length);
      if (crc(request, length - 2) == (u8(request, length - 2) | u8(request, length - 1) << 8)) {
        answers.writeBytes(answer(request));
        at += length;
      } else {
        at++;
      }
    }
    waiting = Arrays.copyOfRange(all, at, all.length);
    return answers.toByteArray();
  }

  private byte[] answer(byte[] request) {
    Slave slave = slaves.get(u8(request, 0));
    if (slave == null) {
      return new byte[0];
    }
    int function = u8(request, 1);
    int first = u8(request, 2) << 8 | u8(request, 3);
    int value = u8(request, 4) << 8 | u8(request, 5);
    return switch (function) {
      case 1, 2 -> readBits(slave, request, first, value);
      case 3, 4 -> read(slave, request, function, first, value);
      case 5 -> writeCoil(slave, request, first, value);
      case WRITE_COILS -> writeCoils(slave, request, first, value);
      case 6 ->
          slave.write(first, value)
              ? request
              : exception(request, slave.holding(first) < 0 ? ILLEGAL_ADDRESS : ILLEGAL_VALUE);
      default -> exception(request, ILLEGAL_FUNCTION);
    };
  }

  private static byte[] readBits(Slave slave, byte[] request, int first, int count) {
    if (count < 1 || count > READ_BITS_MAX) {
      return exception(request, ILLEGAL_VALUE);
    }
    byte[] answer = new byte[3 + (count + 7) / 8];
    answer[0] = request[0];
    answer[1] = request[1];
    answer[2] = (byte) (answer.length - 3);
    for (int i = 0; i < count; i++) {
      int bit = request[1] == 1 ? slave.coil(first + i) : slave.discrete(first + i);
      if (bit < 0) {
        return exception(request, ILLEGAL_ADDRESS);
      }
      answer[3 + i / 8] |= (byte) (bit << i % 8);
    }
    return closed(answer);
  }

  private static byte[] writeCoil(Slave slave, byte[] request, int number, int value) {
    if (value != 0 && value != COIL_ON) {
      return exception(request, ILLEGAL_VALUE);
    }
    if (slave.coil(number) < 0) {
      return exception(request, ILLEGAL_ADDRESS);
    }
    slave.coil(number, value == COIL_ON);
    return request;
  }

  private static byte[] writeCoils(Slave slave, byte[] request, int first, int count) {
    if (count < 1 || count > WRITE_BITS_MAX || u8(request, 6) != (count + 7) / 8) {
      return exception(request, ILLEGAL_VALUE);
    }
    for (int i = 0; i < count; i++) {
      if (slave.coil(first + i) < 0) {
        return exception(request, ILLEGAL_ADDRESS);
      }
    }
    for (int i = 0; i < count; i++) {
      slave.coil(first + i, (request[7 + i / 8] >>> i % 8 & 1) == 1);
    }
    return closed(Arrays.copyOf(request, 6));
  }

  private byte[] read(Slave slave, byte[] request, int function, int first, int count) {
    if (count < 1 || count > REGISTERS_MAX) {
      return exception(request, ILLEGAL_VALUE);
    }
    byte[] answer = new byte[3 + 2 * count];
    answer[0] = request[0];
    answer[1] = (byte) function;
    answer[2] = (byte) (2 * count);
    for (int i = 0; i < count; i++) {
      int bits = function == 3 ? slave.holding(first + i) : slave.input(first + i);
      if (bits < 0) {
        return exception(request, ILLEGAL_ADDRESS);
      }
      answer[3 + 2 * i] = (byte) (bits >> 8);
      answer[4 + 2 * i] = (byte) bits;
    }
    if (function == 4) {
      served += slave.readings(first, count);
    }
    return closed(answer);
  }

  private static byte[] exception(byte[] request, int code) {
    return closed(new byte[] {request[0], (byte) (request[1] | 0x80), (byte) code});
  }

  private static byte[] closed(byte[] body) {
    byte[] frame = Arrays.copyOf(body, body.length + 2);
    int crc = crc(body, body.length);
    frame[body.length] = (byte) crc;
    frame[body.length + 1] = (byte) (crc >> 8);
    return frame;
  }

  static int crc(byte[] bytes, int length) {
    int crc = 0xFFFF;
    for (int i = 0; i < length; i++) {
      crc ^= bytes[i] & 0xFF;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 1) != 0 ? crc >>> 1 ^ 0xA001 : crc >>> 1;
      }
    }
    return crc;
  }

  private static int u8(byte[] bytes, int at) {
    return bytes[at] & 0xFF;
  }

  @Override
  public byte[] spontaneous(long nanos) {
    return new byte[0];
  }

  @Override
  public long served() {
    return served;
  }
}
