package io.verge.simulator.device;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Finds the requests of Chinese meters in what a wire delivers: 68 … length … sum 16. */
final class MeterRequests {
  private final int head;
  private byte[] waiting = new byte[0];
  private long lastNanos;

  /**
   * @param head bytes before the data; the last of them is its length.
   */
  MeterRequests(int head) {
    this.head = head;
  }

  /** Whole requests, each from its 68 to its 16. */
  List<byte[]> in(byte[] bytes, long nanos) {
    byte[] before = nanos - lastNanos > Wire.REQUEST_NANOS ? new byte[0] : waiting;
    lastNanos = nanos;
    byte[] all = Arrays.copyOf(before, before.length + bytes.length);
    System.arraycopy(bytes, 0, all, before.length, bytes.length);
    List<byte[]> requests = new ArrayList<>();
    int at = 0;
    while (all.length - at >= head + 2) {
      int whole = head + 2 + (all[at + head - 1] & 0xFF);
      if (all[at] != 0x68) {
        at++;
      } else if (all.length - at < whole) {
        break;
      } else if (all[at + whole - 1] == 0x16 && sum(all, at, whole - 2) == all[at + whole - 2]) {
        requests.add(Arrays.copyOfRange(all, at, at + whole));
        at += whole;
      } else {
        at++;
      }
    }
    waiting = Arrays.copyOfRange(all, at, all.length);
    return requests;
  }

  /** Sum and end byte put to a frame without them. */
  static byte[] closed(byte[] frame) {
    byte[] whole = Arrays.copyOf(frame, frame.length + 2);
    whole[frame.length] = sum(frame, 0, frame.length);
    whole[frame.length + 1] = 0x16;
    return whole;
  }

  static byte sum(byte[] bytes, int from, int count) {
    int sum = 0;
    for (int i = from; i < from + count; i++) {
      sum += bytes[i];
    }
    return (byte) sum;
  }

  /** Two digits a byte, low byte first. */
  static byte[] bcd(long number, int bytes) {
    byte[] out = new byte[bytes];
    long left = number;
    for (int i = 0; i < bytes; i++) {
      out[i] = (byte) (left % 10 | left / 10 % 10 << 4);
      left /= 100;
    }
    return out;
  }

  /** Whether an address field asks for this one: AA in its place matches anything. */
  static boolean matches(byte[] request, int at, byte[] address) {
    for (int i = 0; i < address.length; i++) {
      if (request[at + i] != address[i] && request[at + i] != (byte) 0xAA) {
        return false;
      }
    }
    return true;
  }
}
