package io.verge.simulator.backend;

import io.verge.model.Catalog;
import io.verge.model.Device;
import io.verge.model.DeviceType;
import io.verge.model.Event;
import io.verge.model.Gap;
import io.verge.model.Lane;
import io.verge.model.PointType;
import io.verge.model.Quality;
import io.verge.model.Sample;
import io.verge.model.Severity;
import io.verge.model.Stamp;
import io.verge.wire.Ack;
import io.verge.wire.AckCodec;
import io.verge.wire.Batch;
import io.verge.wire.BatchCodec;
import io.verge.wire.Clk;
import io.verge.wire.Hello;
import io.verge.wire.HelloCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A gateway's messages: 20 lamps with 5 points each, and their numbers. */
final class Messages {
  static final String GATEWAY = "gw-1";
  static final long EPOCH = 0x1122334455667788L;
  static final int LAMPS = 20;
  static final int POINTS = 5;
  static final Catalog CATALOG = catalog();

  private Messages() {}

  private static Catalog catalog() {
    List<Device> lamps = new ArrayList<>();
    for (int i = 1; i <= LAMPS; i++) {
      lamps.add(new Device(0, "lamp-" + i));
    }
    return new Catalog(
        3,
        List.of(
            new DeviceType(
                "lamp",
                60_000,
                List.of(
                    PointType.gauge("power", "W", 1),
                    PointType.gauge("level", "%", 0),
                    PointType.gauge("voltage", "V", 1),
                    PointType.counter("energy", "kWh", 2),
                    PointType.counter("hours", "h", 0)))),
        lamps);
  }

  /** {@code rounds} samples of every lamp: {@code 20 * rounds} numbers from {@code rseq} on. */
  static byte[] batch(long bseq, long rseq, int rounds, List<Gap> gaps) {
    List<Sample> samples = new ArrayList<>();
    for (int device = 0; device < LAMPS; device++) {
      for (int round = 0; round < rounds; round++) {
        long at = 1_790_000_000_000L + (rseq / LAMPS + round) * 60_000;
        long[] values = {365 + device % 7, 40, 2300 + round % 5, 10_000 + round, 700};
        samples.add(new Sample(device, new Stamp(7, 0, at, 50), Quality.GOOD, values, null));
      }
    }
    return encode(Lane.TELEMETRY, bseq, rseq, samples, List.of(), gaps);
  }

  /** The same with values that no compression helps: 100 values of four bytes or more a round. */
  static byte[] random(long bseq, long rseq, int rounds, Random random) {
    List<Sample> samples = new ArrayList<>();
    for (int device = 0; device < LAMPS; device++) {
      for (int round = 0; round < rounds; round++) {
        long at = 1_790_000_000_000L + (rseq / LAMPS + round) * 60_000;
        long[] values = random.longs(POINTS, 0, 1L << 31).toArray();
        samples.add(new Sample(device, new Stamp(7, 0, at, 50), Quality.GOOD, values, null));
      }
    }
    return encode(Lane.TELEMETRY, bseq, rseq, samples, List.of(), List.of());
  }

  static byte[] events(long bseq, long rseq, List<Gap> gaps) {
    Stamp stamp = new Stamp(7, 0, 1_790_000_000_000L, 50);
    Event event = new Event(stamp, "lamp.fault", Severity.WARNING, 2, Map.of("why", "open"));
    return encode(Lane.EVENT, bseq, rseq, List.of(), List.of(event), gaps);
  }

  private static byte[] encode(
      Lane lane, long bseq, long rseq, List<Sample> samples, List<Event> events, List<Gap> gaps) {
    return BatchCodec.encode(
        new Batch(
            EPOCH,
            lane,
            bseq,
            rseq,
            CATALOG.rev(),
            new Clk(false, 50, 7),
            100,
            samples,
            events,
            gaps),
        CATALOG);
  }

  static byte[] hello() {
    return HelloCodec.encode(
        new Hello(EPOCH, 7, new long[] {1, 1, 1}, new long[] {1, 1, 1}, 3, "", "test"));
  }

  static Ack ack(byte[] message) {
    return AckCodec.decode(message).orThrow();
  }
}
