package io.verge.simulator.device;

import java.util.function.DoubleSupplier;

/**
 * A Nova SDS011: a frame of 10 bytes a second while awake; command 6 sends it to sleep and wakes it
 * (hardware-notes/nova-sds011.md).
 */
public final class Sds011Wire implements Wire {
  private static final long EVERY_NANOS = 1_000_000_000L;
  private static final int COMMAND = 19;

  private final int id;
  private final DoubleSupplier pm25;
  private final DoubleSupplier pm10;
  private long nextNanos;
  private boolean asleep;

  /** In ug/m3. */
  public Sds011Wire(int id, DoubleSupplier pm25, DoubleSupplier pm10) {
    this.id = id;
    this.pm25 = pm25;
    this.pm10 = pm10;
  }

  /** A command comes whole or is not heard. */
  @Override
  public byte[] received(byte[] bytes, long nanos) {
    for (int at = 0; at + COMMAND <= bytes.length; at++) {
      if (bytes[at] == (byte) 0xAA
          && bytes[at + 1] == (byte) 0xB4
          && bytes[at + 18] == (byte) 0xAB
          && sum(bytes, at + 2, at + 17) == bytes[at + 17]
          && isForMe(bytes[at + 15], bytes[at + 16])
          && bytes[at + 2] == 6) {
        asleep = bytes[at + 3] == 1 ? bytes[at + 4] == 0 : asleep;
        nextNanos = nanos + EVERY_NANOS;
        return closed(0xC5, 6, bytes[at + 3], asleep ? 0 : 1, 0);
      }
    }
    return new byte[0];
  }

  private boolean isForMe(byte high, byte low) {
    return high == -1 && low == -1 || high == (byte) (id >> 8) && low == (byte) id;
  }

  @Override
  public byte[] spontaneous(long nanos) {
    if (asleep || nanos < nextNanos) {
      return new byte[0];
    }
    nextNanos = nanos + EVERY_NANOS;
    int fine = (int) Math.round(pm25.getAsDouble() * 10);
    int coarse = (int) Math.round(pm10.getAsDouble() * 10);
    return closed(0xC0, fine, fine >> 8, coarse, coarse >> 8);
  }

  private byte[] closed(int kind, int... data) {
    byte[] frame = {
      (byte) 0xAA,
      (byte) kind,
      (byte) data[0],
      (byte) data[1],
      (byte) data[2],
      (byte) data[3],
      (byte) (id >> 8),
      (byte) id,
      0,
      (byte) 0xAB
    };
    frame[8] = sum(frame, 2, 8);
    return frame;
  }

  private static byte sum(byte[] bytes, int from, int to) {
    int sum = 0;
    for (int i = from; i < to; i++) {
      sum += bytes[i];
    }
    return (byte) sum;
  }

  /** It cannot know who listens. */
  @Override
  public long served() {
    return 0;
  }
}
