package io.verge.simulator.device;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * A Lunatone LUBA: it takes a frame, tells each sending as an event, and then what it heard
 * (hardware-notes/dali-masters.md).
 */
public final class LubaWire implements Wire {
  private static final int REQUEST = 11;
  private static final int TWICE = 0x80;

  private final DaliGears gears;
  private byte[] waiting = new byte[0];
  private long lastNanos;
  private int taken;

  public LubaWire(DaliGears gears) {
    this.gears = gears;
  }

  @Override
  public byte[] received(byte[] bytes, long nanos) {
    byte[] before = nanos - lastNanos > REQUEST_NANOS ? new byte[0] : waiting;
    lastNanos = nanos;
    byte[] all = Arrays.copyOf(before, before.length + bytes.length);
    System.arraycopy(bytes, 0, all, before.length, bytes.length);
    ByteArrayOutputStream answers = new ByteArrayOutputStream();
    int at = 0;
    while (all.length - at >= REQUEST) {
      if (all[at] == 0x59 && all[at + 1] == 0x32 && all[at + 2] == 7 && xor(all, at, 10) == 0) {
        send(Arrays.copyOfRange(all, at, at + REQUEST), answers);
        at += REQUEST;
      } else {
        at++;
      }
    }
    waiting = Arrays.copyOfRange(all, at, all.length);
    return answers.toByteArray();
  }

  private void send(byte[] request, ByteArrayOutputStream answers) {
    taken = taken + 1 & 0xFF;
    boolean twice = (request[5] & TWICE) != 0;
    answers.writeBytes(frame(0x33, taken, 1));
    for (int times = twice ? 2 : 1; times > 0; times--) {
      answers.writeBytes(frame(0x31, 0, taken, 0, 0x10, taken, request[6], request[7]));
    }
    int answer = gears.forward(request[6] & 0xFF, request[7] & 0xFF, twice);
    if (answer != DaliGears.NO_ANSWER) {
      answers.writeBytes(frame(0x31, 0, taken, 0, 0x88, answer));
    }
  }

  private static byte[] frame(int command, int... payload) {
    byte[] frame = new byte[payload.length + 4];
    frame[0] = 0x59;
    frame[1] = (byte) command;
    frame[2] = (byte) payload.length;
    for (int i = 0; i < payload.length; i++) {
      frame[3 + i] = (byte) payload[i];
    }
    frame[frame.length - 1] = (byte) xor(frame, 0, frame.length - 2);
    return frame;
  }

  /** Of {@code count} bytes after the first. */
  private static int xor(byte[] bytes, int start, int count) {
    int xor = 0;
    for (int i = start + 1; i <= start + count; i++) {
      xor ^= bytes[i];
    }
    return xor & 0xFF;
  }

  @Override
  public byte[] spontaneous(long nanos) {
    return new byte[0];
  }

  @Override
  public long served() {
    return gears.served();
  }
}
