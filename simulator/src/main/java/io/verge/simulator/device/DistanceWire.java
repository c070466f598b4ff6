package io.verge.simulator.device;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.IntFunction;
import java.util.function.IntSupplier;

/**
 * A distance sensor that talks by itself (hardware-notes/maxbotix.md, hardware-notes/tfmini.md).
 */
public final class DistanceWire implements Wire {
  private final IntSupplier millimetres;
  private final IntFunction<byte[]> form;
  private final long everyNanos;
  private long nextNanos;

  private DistanceWire(IntSupplier millimetres, IntFunction<byte[]> form, long everyMs) {
    this.millimetres = millimetres;
    this.form = form;
    this.everyNanos = everyMs * 1_000_000;
  }

  /** A MaxBotix HRXL: R, four digits, CR, every 150 ms; never nearer than 300 nor beyond 5000. */
  public static DistanceWire maxbotix(IntSupplier millimetres) {
    return new DistanceWire(
        millimetres,
        distance ->
            String.format(Locale.ROOT, "R%04d\r", Math.max(300, Math.min(5000, distance)))
                .getBytes(StandardCharsets.US_ASCII),
        150);
  }

  /** A TFmini-S of 100 frames a second at 30 degrees; -1 in its frame when nothing is in reach. */
  public static DistanceWire tfmini(IntSupplier millimetres) {
    return new DistanceWire(millimetres, DistanceWire::light, 10);
  }

  private static byte[] light(int millimetres) {
    int centimetres = millimetres > 12_000 ? -1 : millimetres / 10;
    int strength = centimetres < 0 ? 20 : 4000;
    int heat = (30 + 256) * 8;
    byte[] frame = {
      0x59,
      0x59,
      (byte) centimetres,
      (byte) (centimetres >> 8),
      (byte) strength,
      (byte) (strength >> 8),
      (byte) heat,
      (byte) (heat >> 8),
      0
    };
    frame[8] = MeterRequests.sum(frame, 0, 8);
    return frame;
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
    nextNanos = nanos + everyNanos;
    return form.apply(millimetres.getAsInt());
  }

  /** It cannot know who listens. */
  @Override
  public long served() {
    return 0;
  }
}
