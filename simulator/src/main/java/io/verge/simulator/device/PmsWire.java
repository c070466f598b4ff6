package io.verge.simulator.device;

import java.util.Arrays;
import java.util.function.DoubleSupplier;

/**
 * A Plantower PMS5003: a frame of 32 bytes a second while awake, command E4 sends it to sleep and
 * wakes it (hardware-notes/plantower-pms.md).
 */
public final class PmsWire implements Wire {
  private static final long EVERY_NANOS = 1_000_000_000L;
  private static final int FRAME = 32;
  private static final int COMMAND = 7;
  private static final int VERSION = 0x97;

  private final DoubleSupplier pm1;
  private final DoubleSupplier pm25;
  private final DoubleSupplier pm10;
  private long nextNanos;
  private boolean asleep;

  /** In ug/m3. */
  public PmsWire(DoubleSupplier pm1, DoubleSupplier pm25, DoubleSupplier pm10) {
    this.pm1 = pm1;
    this.pm25 = pm25;
    this.pm10 = pm10;
  }

  /** A command comes whole or is not heard. */
  @Override
  public byte[] received(byte[] bytes, long nanos) {
    for (int at = 0; at + COMMAND <= bytes.length; at++) {
      byte[] one = Arrays.copyOfRange(bytes, at, at + COMMAND);
      if (one[0] != 0x42 || one[1] != 0x4D || sum(one, 5) != word(one, 5)) {
        continue;
      }
      if ((one[2] & 0xFF) == 0xE4) {
        asleep = one[4] == 0;
        nextNanos = nanos + EVERY_NANOS;
      }
    }
    return new byte[0];
  }

  @Override
  public byte[] spontaneous(long nanos) {
    if (asleep || nanos < nextNanos) {
      return new byte[0];
    }
    nextNanos = nanos + EVERY_NANOS;
    byte[] frame = new byte[FRAME];
    frame[0] = 0x42;
    frame[1] = 0x4D;
    put(frame, 2, FRAME - 4);
    double[] masses = {pm1.getAsDouble(), pm25.getAsDouble(), pm10.getAsDouble()};
    for (int i = 0; i < masses.length; i++) {
      put(frame, 4 + 2 * i, Math.round(masses[i] * 1.3));
      put(frame, 10 + 2 * i, Math.round(masses[i]));
    }
    // Particles above 0.3, 0.5, 1, 2.5, 5 and 10 um; coarse ones are rare.
    double particles = 20 + masses[1] * 90;
    for (int i = 0; i < 6; i++) {
      put(frame, 16 + 2 * i, Math.round(particles));
      particles /= 4;
    }
    frame[28] = (byte) VERSION;
    put(frame, FRAME - 2, sum(frame, FRAME - 2));
    return frame;
  }

  private static void put(byte[] frame, int at, long value) {
    frame[at] = (byte) (value >> 8);
    frame[at + 1] = (byte) value;
  }

  private static int sum(byte[] bytes, int length) {
    int sum = 0;
    for (int i = 0; i < length; i++) {
      sum += bytes[i] & 0xFF;
    }
    return sum & 0xFFFF;
  }

  private static int word(byte[] bytes, int at) {
    return (bytes[at] & 0xFF) << 8 | bytes[at + 1] & 0xFF;
  }

  /** It cannot know who listens. */
  @Override
  public long served() {
    return 0;
  }
}
