package io.verge.local;

import io.verge.model.Catalog;
import io.verge.model.DeviceType;
import io.verge.model.Sample;
import io.verge.model.Stamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One poll of one device.
 *
 * @param at ISO 8601 UTC, or null while the clock was not trusted.
 * @param ageMs milliseconds since then, or null where that is not known.
 */
public record SampleView(
    String asset,
    @Nullable String at,
    @Nullable Long ageMs,
    String quality,
    List<ReadingView> readings) {
  public SampleView {
    readings = List.copyOf(readings);
  }

  /**
   * @param now a stamp of this boot.
   */
  public static SampleView of(Sample sample, Catalog catalog, Stamp now) {
    DeviceType type = catalog.typeOf(sample.device());
    List<ReadingView> readings = new ArrayList<>();
    for (int i = 0; i < sample.readings(); i++) {
      readings.add(ReadingView.of(type.points().get(i), sample.values()[i], sample.qualityOf(i)));
    }
    return new SampleView(
        catalog.devices().get(sample.device()).id(),
        utc(sample.stamp()),
        ageMs(sample.stamp(), now),
        ReadingView.word(sample.quality()),
        readings);
  }

  /** ISO 8601 with milliseconds as far as they are not zero, or null. */
  public static @Nullable String utc(Stamp stamp) {
    return stamp.hasUtc() ? Instant.ofEpochMilli(stamp.utcMs()).toString() : null;
  }

  /** By the monotonic clock within one boot, else by UTC where both have it, else null. */
  public static @Nullable Long ageMs(Stamp then, Stamp now) {
    if (then.boot() == now.boot()) {
      return Math.max(0, now.monoMs() - then.monoMs());
    }
    return then.hasUtc() && now.hasUtc() ? Math.max(0, now.utcMs() - then.utcMs()) : null;
  }
}
