package io.verge.simulator.device;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * A Lunatone SCI: five bytes each way, the last the XOR of the others; the master says that it has
 * sent, then gives the answer, or says that there is none (hardware-notes/dali-masters.md).
 */
public final class SciWire implements Wire {
  private static final int LENGTH = 5;
  private static final int TWICE = 0x10;

  private final DaliGears gears;
  private byte[] waiting = new byte[0];
  private long lastNanos;

  public SciWire(DaliGears gears) {
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
    for (; all.length - at >= LENGTH; at += LENGTH) {
      boolean good = (all[at] ^ all[at + 1] ^ all[at + 2] ^ all[at + 3]) == all[at + 4];
      if (!good) {
        answers.writeBytes(word(7, 1));
        continue;
      }
      int answer = gears.forward(all[at + 1] & 0xFF, all[at + 2] & 0xFF, (all[at] & TWICE) != 0);
      if (answer == DaliGears.NO_ANSWER) {
        answers.writeBytes(word(1, 0));
      } else {
        answers.writeBytes(word(0, 0));
        answers.writeBytes(word(2, answer));
      }
    }
    waiting = Arrays.copyOfRange(all, at, all.length);
    return answers.toByteArray();
  }

  private static byte[] word(int kind, int value) {
    return new byte[] {(byte) kind, 0, 0, (byte) value, (byte) (kind ^ value)};
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
