package io.verge.transport.gpio;

import io.verge.transport.GpioChip.Bias;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The bytes of the kernel's GPIO interface, version 2. Source: include/uapi/linux/gpio.h of Linux
 * 5.10 and newer; the same on 32 and 64 bit, request numbers as on x86, arm and riscv.
 */
final class GpioAbi {
  static final int NAME_SIZE = 32;
  static final int LINES_MAX = 64;

  /** Most events the kernel keeps for a request: 16 per line it could have. */
  static final int EVENTS_MAX = 16 * LINES_MAX;

  static final int CHIP_INFO_SIZE = 68;
  static final int LINE_INFO_SIZE = 256;
  static final int REQUEST_SIZE = 592;
  static final int VALUES_SIZE = 16;
  static final int EVENT_SIZE = 48;

  static final int GET_CHIP_INFO = ior(0x01, CHIP_INFO_SIZE);
  static final int GET_LINE_INFO = iowr(0x05, LINE_INFO_SIZE);
  static final int GET_LINE = iowr(0x07, REQUEST_SIZE);
  static final int GET_VALUES = iowr(0x0E, VALUES_SIZE);
  static final int SET_VALUES = iowr(0x0F, VALUES_SIZE);

  static final long FLAG_USED = 1;
  static final long FLAG_ACTIVE_LOW = 1 << 1;
  static final long FLAG_INPUT = 1 << 2;
  static final long FLAG_OUTPUT = 1 << 3;
  static final long FLAG_EDGE_RISING = 1 << 4;
  static final long FLAG_EDGE_FALLING = 1 << 5;
  static final long FLAG_BIAS_UP = 1 << 8;
  static final long FLAG_BIAS_DOWN = 1 << 9;
  static final long FLAG_BIAS_DISABLED = 1 << 10;

  static final int ATTRIBUTE_VALUES = 2;
  static final int ATTRIBUTE_DEBOUNCE = 3;

  static final int EVENT_RISING = 1;
  static final int EVENT_FALLING = 2;

  static final int REQUEST_CONSUMER = 256;
  static final int REQUEST_FLAGS = 288;
  static final int REQUEST_NUM_ATTRS = 296;
  static final int REQUEST_ATTRS = 320;
  static final int ATTRIBUTE_SIZE = 24;
  static final int REQUEST_NUM_LINES = 560;
  static final int REQUEST_EVENTS = 564;
  static final int REQUEST_FD = 588;

  private static final int LINE_INFO_CONSUMER = 32;
  private static final int LINE_INFO_OFFSET = 64;
  private static final int LINE_INFO_FLAGS = 72;

  /**
   * A change of a line.
   *
   * @param nanos of CLOCK_MONOTONIC.
   * @param sequence of this line since it was requested, from 1 on; unsigned, wraps.
   */
  record Event(long nanos, boolean rising, int sequence) {}

  record ChipInfo(String name, String label, int lines) {}

  /**
   * @param name on the board; may be empty.
   * @param consumer who uses the line; may be empty although somebody does.
   */
  record LineInfo(String name, String consumer, boolean used, boolean output) {}

  private GpioAbi() {}

  private static int ior(int number, int size) {
    return 2 << 30 | size << 16 | 0xB4 << 8 | number;
  }

  private static int iowr(int number, int size) {
    return 3 << 30 | size << 16 | 0xB4 << 8 | number;
  }

  static ByteBuffer in(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
  }

  /**
   * A request for one line as an input that tells both edges.
   *
   * @param debounceMicros of the kernel; 0: none.
   */
  static byte[] inputRequest(int line, Bias bias, int debounceMicros, String consumer) {
    long pull =
        switch (bias) {
          case NONE -> FLAG_BIAS_DISABLED;
          case UP -> FLAG_BIAS_UP;
          case DOWN -> FLAG_BIAS_DOWN;
        };
    byte[] request =
        request(line, consumer, FLAG_INPUT | FLAG_EDGE_RISING | FLAG_EDGE_FALLING | pull);
    in(request).putInt(REQUEST_EVENTS, EVENTS_MAX);
    return debounceMicros == 0
        ? request
        : withAttribute(request, ATTRIBUTE_DEBOUNCE, debounceMicros);
  }

  /** A request for one line as an output that has its level from the beginning. */
  static byte[] outputRequest(int line, boolean high, String consumer) {
    return withAttribute(request(line, consumer, FLAG_OUTPUT), ATTRIBUTE_VALUES, high ? 1 : 0);
  }

  private static byte[] request(int line, String consumer, long flags) {
    byte[] request = new byte[REQUEST_SIZE];
    byte[] name = consumer.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(name, 0, request, REQUEST_CONSUMER, Math.min(name.length, NAME_SIZE - 1));
    in(request).putInt(0, line).putLong(REQUEST_FLAGS, flags).putInt(REQUEST_NUM_LINES, 1);
    return request;
  }

  /** The value is an int in a union with longs: its place depends on the byte order. */
  private static byte[] withAttribute(byte[] request, int id, int value) {
    ByteBuffer buffer = in(request);
    buffer.putInt(REQUEST_NUM_ATTRS, 1).putInt(REQUEST_ATTRS, id);
    if (id == ATTRIBUTE_DEBOUNCE) {
      buffer.putInt(REQUEST_ATTRS + 8, value);
    } else {
      buffer.putLong(REQUEST_ATTRS + 8, value);
    }
    buffer.putLong(REQUEST_ATTRS + 16, 1);
    return request;
  }

  /** The descriptor a request was answered with. */
  static int fd(byte[] request) {
    return in(request).getInt(REQUEST_FD);
  }

  /** Values of a request of one line: the argument of {@link #GET_VALUES} and SET_VALUES. */
  static byte[] values(boolean high) {
    byte[] values = new byte[VALUES_SIZE];
    in(values).putLong(0, high ? 1 : 0).putLong(8, 1);
    return values;
  }

  static boolean isHigh(byte[] values) {
    return (in(values).getLong(0) & 1) != 0;
  }

  static byte[] lineInfoRequest(int line) {
    byte[] info = new byte[LINE_INFO_SIZE];
    in(info).putInt(LINE_INFO_OFFSET, line);
    return info;
  }

  static LineInfo lineInfo(byte[] info) {
    long flags = in(info).getLong(LINE_INFO_FLAGS);
    return new LineInfo(
        text(info, 0),
        text(info, LINE_INFO_CONSUMER),
        (flags & FLAG_USED) != 0,
        (flags & FLAG_OUTPUT) != 0);
  }

  static ChipInfo chipInfo(byte[] info) {
    return new ChipInfo(text(info, 0), text(info, NAME_SIZE), in(info).getInt(2 * NAME_SIZE));
  }

  /**
   * @param at of the event within what was read.
   */
  static Event event(byte[] events, int at) {
    ByteBuffer buffer = in(events);
    return new Event(
        buffer.getLong(at), buffer.getInt(at + 8) == EVENT_RISING, buffer.getInt(at + 20));
  }

  private static String text(byte[] bytes, int at) {
    int end = at;
    while (end < at + NAME_SIZE && bytes[end] != 0) {
      end++;
    }
    return new String(bytes, at, end - at, StandardCharsets.US_ASCII);
  }
}
