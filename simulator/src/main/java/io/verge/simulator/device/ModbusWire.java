package io.verge.simulator.device;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * MODBUS RTU slaves: functions 3, 4 and 6 of the MODBUS Application Protocol V1.1b3, the CRC of
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
  }

  private static final int REQUEST_BYTES = 8;
  private static final int ILLEGAL_FUNCTION = 1;
  private static final int ILLEGAL_ADDRESS = 2;
  private static final int ILLEGAL_VALUE = 3;
  private static final int REGISTERS_MAX = 125;

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
      byte[] request = Arrays.copyOfRange(all, at, at + REQUEST_BYTES);
      if (crc(request, REQUEST_BYTES - 2) == (u8(request, 6) | u8(request, 7) << 8)) {
        answers.writeBytes(answer(request));
        at += REQUEST_BYTES;
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
      case 3, 4 -> read(slave, request, function, first, value);
      case 6 ->
          slave.write(first, value)
              ? request
              : exception(request, slave.holding(first) < 0 ? ILLEGAL_ADDRESS : ILLEGAL_VALUE);
      default -> exception(request, ILLEGAL_FUNCTION);
    };
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
