package io.verge.simulator.device;

import java.util.function.IntSupplier;

/**
 * An A02YYUW ultrasonic sensor: FF, distance in millimetres high and low, sum; unasked, several
 * times a second (hardware-notes/a02yyuw.md).
 */
public final class A02Wire implements Wire {
  private static final long EVERY_NANOS = 200_000_000L;

  private final IntSupplier millimetres;
  private long nextNanos;

  public A02Wire(IntSupplier millimetres) {
    this.millimetres = millimetres;
  }

  @Override
  public byte[] received(byte[] bytes, long nanos) {
    return new byte[0];
  }

  @Override
  public byte[] spontaneous(long nanos) {
    if (nanos < nextNanos) {
      return new byte[0];
    }
    nextNanos = nanos + EVERY_NANOS;
    int distance = millimetres.getAsInt();
    int high = distance >> 8;
    int low = distance & 0xFF;
    return new byte[] {(byte) 0xFF, (byte) high, (byte) low, (byte) (0xFF + high + low)};
  }

  /** It cannot know who listens. */
  @Override
  public long served() {
    return 0;
  }
}
