package io.verge.simulator.faults;

import io.verge.model.Catalog;
import io.verge.model.Device;
import io.verge.model.DeviceType;
import io.verge.model.Event;
import io.verge.model.Lane;
import io.verge.model.PointType;
import io.verge.model.Quality;
import io.verge.model.Sample;
import io.verge.model.Severity;
import io.verge.model.Stamp;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * What a life of the campaign acquires: telemetry and meter samples whose first point is an
 * identity no other sample ever has, and events whose kind is one. The other points are noise, so
 * that a small store is soon full.
 */
final class Acquisition {
  static final String IDENTITY = "identity";

  /**
   * Assets that the last sample of a commit belongs to; what they keep tells what was committed.
   */
  static final String TELEMETRY_LAST = "t-0";

  static final String METER_LAST = "m-0";

  static final Catalog CATALOG = catalog();

  private static final int TELEMETRY_DEVICES = 4;
  private static final int METERS = 2;
  private static final int NOISE_BITS = 50;
  private static final int INDEX_BITS = 24;
  private static final int READINGS = 3;
  private static final String EVENT = "campaign.";

  private final int life;
  private final Random random;
  private long telemetry;
  private long meter;
  private long events;

  Acquisition(int life, long seed) {
    this.life = life;
    this.random = new Random(seed);
  }

  private static Catalog catalog() {
    List<PointType> points =
        List.of(
            PointType.counter(IDENTITY, "", 0),
            PointType.gauge("noise-a", "", 0),
            PointType.gauge("noise-b", "", 0));
    return new Catalog(
        0,
        List.of(new DeviceType("probe", 1000, points), new DeviceType("meter", 1000, points)),
        List.of(
            new Device(0, TELEMETRY_LAST),
            new Device(0, "t-1"),
            new Device(0, "t-2"),
            new Device(0, "t-3"),
            new Device(1, METER_LAST),
            new Device(1, "m-1")));
  }

  static long identity(long life, long index) {
    return life << INDEX_BITS | index;
  }

  static int lifeOf(long identity) {
    return (int) (identity >>> INDEX_BITS);
  }

  static long indexOf(long identity) {
    return identity & (1L << INDEX_BITS) - 1;
  }

  static String eventKind(long life, long number) {
    return EVENT + life + "." + number;
  }

  static String eventPattern() {
    return EVENT + "%";
  }

  /** The next sample of a lane; {@code last} of a commit: of the asset that keeps the identity. */
  Sample next(Lane lane, Stamp stamp, boolean last) {
    boolean isMeter = lane == Lane.METER;
    long index = isMeter ? ++meter : ++telemetry;
    int device =
        isMeter
            ? TELEMETRY_DEVICES + (last ? 0 : random.nextInt(METERS))
            : last ? 0 : random.nextInt(TELEMETRY_DEVICES);
    return new Sample(
        device, stamp, Quality.GOOD, new long[] {identity(life, index), noise(), noise()}, null);
  }

  private long noise() {
    return random.nextLong() >> Long.SIZE - NOISE_BITS;
  }

  /** What the last sample of a commit wants kept. */
  long[] kept(Lane lane) {
    return new long[] {life, lane == Lane.METER ? meter : telemetry};
  }

  Event nextEvent(Stamp stamp) {
    return new Event(
        stamp, eventKind(life, ++events), Severity.NOTICE, Event.NO_DEVICE, Map.of("life", life));
  }

  /** Readings so far. */
  long readings() {
    return (telemetry + meter) * READINGS;
  }

  /** Samples of telemetry, of meters, and events so far. */
  long[] totals() {
    return new long[] {telemetry, meter, events};
  }
}
