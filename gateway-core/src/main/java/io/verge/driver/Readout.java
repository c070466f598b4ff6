package io.verge.driver;

import io.verge.model.Quality;
import io.verge.model.Sample;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one poll of one device found. Arrays are handed over, not copied.
 *
 * @param values scaled integers, one per point; {@link Sample#NONE} where there is none.
 * @param pointQuality codes where readings differ from {@code quality}; null: all share it.
 * @param why for a quality other than good: what was found, for the technician; else empty.
 * @param keep numbers the driver wants back at its next creation (a pulse total); committed in the
 *     same transaction as the sample; null: nothing to keep. At most 16.
 * @param identity what the device says of itself in words and digits too long for a value (a serial
 *     number, a SIM's number); told as an event when it is first heard and when it changes. At most
 *     {@link #IDENTITY_MAX} short texts.
 */
public record Readout(
    Quality quality,
    long[] values,
    byte @Nullable [] pointQuality,
    String why,
    long @Nullable [] keep,
    Map<String, String> identity) {
  public static final int IDENTITY_MAX = 8;
  private static final int TEXT_MAX = 64;

  public Readout {
    if (identity.size() > IDENTITY_MAX
        || identity.values().stream().anyMatch(text -> text.length() > TEXT_MAX)) {
      throw new IllegalArgumentException("identity " + identity);
    }
    identity = Map.copyOf(identity);
  }

  public Readout(
      Quality quality,
      long[] values,
      byte @Nullable [] pointQuality,
      String why,
      long @Nullable [] keep) {
    this(quality, values, pointQuality, why, keep, Map.of());
  }

  /** The same with what the device says of itself. */
  public Readout of(Map<String, String> device) {
    return new Readout(quality, values, pointQuality, why, keep, device);
  }

  public static Readout good(long... values) {
    return new Readout(Quality.GOOD, values, null, "", null);
  }

  public static Readout failed(Quality quality, int points, String why) {
    long[] none = new long[points];
    Arrays.fill(none, Sample.NONE);
    return new Readout(quality, none, null, why, null);
  }

  /** The failed readout an answer without a frame stands for. */
  public static Readout without(Answer answer, int points) {
    if (answer instanceof Answer.Silence) {
      return failed(Quality.TIMEOUT, points, "no answer");
    }
    if (answer instanceof Answer.Garbled garbled) {
      return failed(
          Quality.GARBLED,
          points,
          "no valid frame in "
              + garbled.bytes().length
              + " bytes: "
              + io.verge.bytes.Hex.spaced(
                  garbled.bytes(), 0, Math.min(24, garbled.bytes().length)));
    }
    throw new IllegalArgumentException("answer has a frame");
  }
}
