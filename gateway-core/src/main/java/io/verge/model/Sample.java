package io.verge.model;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One poll of one device: one time, one value per point of its type, a quality. A failed poll is a
 * sample too, with no values. Arrays are handed over, not copied; nobody changes them afterwards.
 */
public final class Sample {
  /** Stands for "no value" in {@link #values()}. */
  public static final long NONE = Long.MIN_VALUE;

  private final int device;
  private final Stamp stamp;
  private final Quality quality;
  private final long[] values;
  private final byte @Nullable [] pointQuality;

  /**
   * @param device index in the catalog.
   * @param values scaled integers in the order of the type's points; {@link #NONE} where there is
   *     no value.
   * @param pointQuality one {@link Quality#code()} per point where readings differ from the sample,
   *     or null when all share {@code quality}.
   */
  public Sample(
      int device, Stamp stamp, Quality quality, long[] values, byte @Nullable [] pointQuality) {
    if (pointQuality != null && pointQuality.length != values.length) {
      throw new IllegalArgumentException(
          pointQuality.length + " point qualities for " + values.length + " values");
    }
    this.device = device;
    this.stamp = stamp;
    this.quality = quality;
    this.values = values;
    this.pointQuality = pointQuality;
  }

  public static Sample failed(int device, Stamp stamp, Quality quality, int points) {
    long[] none = new long[points];
    Arrays.fill(none, NONE);
    return new Sample(device, stamp, quality, none, null);
  }

  public int device() {
    return device;
  }

  public Stamp stamp() {
    return stamp;
  }

  public Quality quality() {
    return quality;
  }

  public long[] values() {
    return values;
  }

  public byte @Nullable [] pointQuality() {
    return pointQuality;
  }

  public Quality qualityOf(int point) {
    return pointQuality == null ? quality : Quality.of(pointQuality[point]);
  }

  /** How many points this sample speaks of: its readings, those without a value included. */
  public int readings() {
    return values.length;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Sample that
        && device == that.device
        && stamp.equals(that.stamp)
        && quality == that.quality
        && Arrays.equals(values, that.values)
        && Arrays.equals(pointQuality, that.pointQuality);
  }

  @Override
  public int hashCode() {
    return Objects.hash(device, stamp, quality, Arrays.hashCode(values));
  }

  @Override
  public String toString() {
    return "Sample[device="
        + device
        + ", "
        + stamp
        + ", "
        + quality
        + ", "
        + Arrays.toString(values)
        + "]";
  }
}
