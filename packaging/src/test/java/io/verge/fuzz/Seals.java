package io.verge.fuzz;

import java.util.function.UnaryOperator;

/**
 * Makes checksums and lengths of a frame right, so that a fuzzer gets behind them: who sends
 * hostile frames can count as well as we. Written from hardware-notes.
 */
final class Seals {
  private Seals() {}

  /** The seal of a protocol; none where frames have no checksum. */
  static UnaryOperator<byte[]> of(String protocol) {
    return switch (protocol) {
      case "modbus" -> Seals::modbus;
      case "mbus" -> Seals::mbus;
      case "cjt188" -> frame -> meter(frame, 10, 13);
      case "dlt645" -> frame -> meter(frame, 9, 12);
      case "a02" -> frame -> sum(frame, 0, 3, 3);
      case "tfmini" -> frame -> sum(frame, 0, 8, 8);
      case "sds011" -> frame -> sum(frame, 2, 8, 8);
      case "pms" -> Seals::pms;
      default -> frame -> frame;
    };
  }

  private static byte[] modbus(byte[] frame) {
    if (frame.length < 4) {
      return frame;
    }
    int crc = 0xFFFF;
    for (int i = 0; i < frame.length - 2; i++) {
      crc ^= frame[i] & 0xFF;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 1) != 0 ? crc >>> 1 ^ 0xA001 : crc >>> 1;
      }
    }
    frame[frame.length - 2] = (byte) crc;
    frame[frame.length - 1] = (byte) (crc >> 8);
    return frame;
  }

  private static byte[] mbus(byte[] frame) {
    int most = frame.length;
    if (most >= 9 && most <= 261 && frame[0] == 0x68) {
      frame[1] = (byte) (most - 6);
      frame[2] = frame[1];
      frame[3] = 0x68;
      frame[most - 1] = 0x16;
      return sum(frame, 4, most - 2, most - 2);
    }
    return frame;
  }

  /** CJ/T 188 and DL/T 645: 68, address, control, length, data, sum, 16. */
  private static byte[] meter(byte[] frame, int lengthAt, int least) {
    int begin = 0;
    while (begin < frame.length && frame[begin] == (byte) 0xFE) {
      begin++;
    }
    int size = frame.length - begin;
    if (size < least || size > 255 || frame[begin] != 0x68) {
      return frame;
    }
    frame[begin + lengthAt] = (byte) (size - least);
    frame[frame.length - 1] = 0x16;
    return sum(frame, begin, frame.length - 2, frame.length - 2);
  }

  private static byte[] pms(byte[] frame) {
    if (frame.length < 6) {
      return frame;
    }
    int sum = 0;
    for (int i = 0; i < frame.length - 2; i++) {
      sum += frame[i] & 0xFF;
    }
    frame[frame.length - 2] = (byte) (sum >> 8);
    frame[frame.length - 1] = (byte) sum;
    return frame;
  }

  private static byte[] sum(byte[] frame, int from, int to, int at) {
    if (frame.length <= at) {
      return frame;
    }
    int sum = 0;
    for (int i = from; i < to; i++) {
      sum += frame[i] & 0xFF;
    }
    frame[at] = (byte) sum;
    return frame;
  }
}
