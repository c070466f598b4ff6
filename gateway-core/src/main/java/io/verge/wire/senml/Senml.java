package io.verge.wire.senml;

import io.verge.model.Catalog;
import io.verge.model.Device;
import io.verge.model.Event;
import io.verge.model.Gap;
import io.verge.model.PointType;
import io.verge.model.Quality;
import io.verge.model.Sample;
import io.verge.model.Stamp;
import io.verge.wire.Batch;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The SenML records of a batch:
 *
 * <ul>
 *   <li>a reading is {@code <device>/<point>} with its unit and value; one without a value, or that
 *       is neither good nor suspect, has no record;
 *   <li>an event is {@code <device>/event}, or {@code event}, with its kind as text;
 *   <li>a gap is {@code gap/<lane>} with its reason as text, and {@code gap/<lane>/readings} with
 *       how many readings are lost, at the first moment it covers.
 * </ul>
 *
 * <p>Times of a batch made before the clock was trusted count since boot. They become UTC when the
 * clock is trusted now and the boot is still the same, relative to now while it is not; what an
 * earlier boot measured without a clock has no time that SenML could tell: it becomes one record
 * {@code gap/<lane>/no-time} with the number of its readings, so that its loss is declared.
 */
public final class Senml {
  private static final int MILLIS = 3;

  private Senml() {}

  /**
   * @param now by the gateway's clock.
   */
  public static List<SenmlRecord> records(Batch batch, Catalog catalog, Stamp now) {
    List<SenmlRecord> records = new ArrayList<>();
    long untold = 0;
    for (Sample sample : batch.samples()) {
      if (hasTime(sample.stamp(), now)) {
        sample(records, sample, catalog, now);
      } else {
        untold += sample.readings();
      }
    }
    for (Event event : batch.events()) {
      if (hasTime(event.stamp(), now)) {
        String device =
            event.device() == Event.NO_DEVICE
                ? ""
                : catalog.devices().get(event.device()).id() + "/";
        records.add(SenmlRecord.of(device + "event", seconds(event.stamp(), now), event.kind()));
      }
    }
    batch.gaps().forEach(gap -> gap(records, gap));
    if (untold > 0) {
      records.add(
          SenmlRecord.of(
              "gap/" + lane(batch) + "/no-time",
              "count",
              now.hasUtc() ? millis(now.utcMs()) : BigDecimal.ZERO,
              BigDecimal.valueOf(untold)));
    }
    return records;
  }

  private static String lane(Batch batch) {
    return batch.lane().name().toLowerCase(Locale.ROOT);
  }

  private static void sample(List<SenmlRecord> records, Sample sample, Catalog catalog, Stamp now) {
    Device device = catalog.devices().get(sample.device());
    List<PointType> points = catalog.types().get(device.type()).points();
    BigDecimal seconds = seconds(sample.stamp(), now);
    for (int p = 0; p < points.size(); p++) {
      long value = sample.values()[p];
      Quality quality = sample.qualityOf(p);
      if (value != Sample.NONE && (quality == Quality.GOOD || quality == Quality.SUSPECT)) {
        PointType point = points.get(p);
        records.add(
            SenmlRecord.of(
                device.id() + "/" + point.name(),
                point.unit(),
                seconds,
                BigDecimal.valueOf(value, point.decimals())));
      }
    }
  }

  private static void gap(List<SenmlRecord> records, Gap gap) {
    String name = "gap/" + gap.lane().name().toLowerCase(Locale.ROOT);
    BigDecimal seconds = millis(gap.firstMs());
    records.add(SenmlRecord.of(name, seconds, gap.reason()));
    records.add(
        SenmlRecord.of(name + "/readings", "count", seconds, BigDecimal.valueOf(gap.readings())));
  }

  private static boolean hasTime(Stamp stamp, Stamp now) {
    return stamp.hasUtc() || stamp.boot() == now.boot();
  }

  private static BigDecimal seconds(Stamp stamp, Stamp now) {
    if (stamp.hasUtc()) {
      return millis(stamp.utcMs());
    }
    long ago = now.monoMs() - stamp.monoMs();
    return millis(now.hasUtc() ? now.utcMs() - ago : -ago);
  }

  private static BigDecimal millis(long ms) {
    return BigDecimal.valueOf(ms, MILLIS);
  }
}
