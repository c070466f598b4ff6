package io.verge.store;

import io.verge.model.Catalog;
import io.verge.model.Device;
import io.verge.model.DeviceType;
import io.verge.model.Event;
import io.verge.model.PointType;
import io.verge.model.Quality;
import io.verge.model.Sample;
import io.verge.model.Severity;
import io.verge.model.Stamp;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** What the store's tests store. */
final class Samples {
  static final Catalog CATALOG =
      new Catalog(
          0,
          List.of(
              new DeviceType(
                  "lamp",
                  60_000,
                  List.of(PointType.gauge("power", "W", 1), PointType.gauge("level", "%", 0)))),
          List.of(new Device(0, "lamp-1"), new Device(0, "lamp-2")));
  static final long UTC = 1_790_000_000_000L;
  static final Sealing.Clock UNTRUSTED = new Sealing.Clock(7, Stamp.NO_UTC, 0);

  private Samples() {}

  static Sample sample(long atMs, long power) {
    return new Sample(
        0, new Stamp(7, atMs, UTC + atMs, 10), Quality.GOOD, new long[] {power, 40}, null);
  }

  static JournalRow row(long seconds, long power) {
    return new JournalRow(List.of(sample(seconds * 1000, power)), List.of());
  }

  static Event event(String kind) {
    return event(kind, Severity.NOTICE);
  }

  static Event event(String kind, Severity severity) {
    return new Event(
        new Stamp(7, 0, UTC, 10), kind, severity, Event.NO_DEVICE, Map.of("clean", true));
  }

  /**
   * Samples that don't compress, about 11 bytes each in a batch. Numbers whose CBOR begins with the
   * same three bytes would take deflate ten times as long.
   */
  static JournalRow noise(Random random, long firstMs, int count) {
    List<Sample> samples = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      samples.add(
          new Sample(
              i % 2,
              new Stamp(7, firstMs + i, UTC + firstMs + i, 10),
              Quality.GOOD,
              new long[] {random.nextInt(Integer.MAX_VALUE), random.nextInt(Integer.MAX_VALUE)},
              null));
    }
    return new JournalRow(samples, List.of());
  }
}
