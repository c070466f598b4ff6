package io.verge.simulator.fleet;

import io.verge.model.Catalog;
import io.verge.model.Lane;
import io.verge.model.Sample;
import io.verge.model.Stamp;
import io.verge.wire.Batch;
import io.verge.wire.BatchCodec;
import io.verge.wire.CatalogCodec;
import io.verge.wire.Clk;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One recorded street that every gateway of the fleet tells as its own, over and over. Immutable;
 * any thread.
 */
final class FleetStreet {
  private static final int TICK_MS = 100;
  private static final int UNCERTAINTY_MS = 50;
  private static final long WINDOW_MS = 10_000;

  private final Catalog catalog;
  private final byte[] catalogMessage;

  /** Samples by their ten seconds since the beginning of the recording. */
  private final Map<Long, List<Sample>> windows = new TreeMap<>();

  private final long lengthMs;
  private final long beginMs;

  /**
   * @param samples with UTC, as recorded.
   */
  FleetStreet(Catalog catalog, List<Sample> samples) {
    if (samples.isEmpty()) {
      throw new IllegalArgumentException("a street without samples");
    }
    this.catalog = catalog;
    this.catalogMessage = CatalogCodec.encode(catalog);
    long begin = Long.MAX_VALUE;
    long end = Long.MIN_VALUE;
    for (Sample sample : samples) {
      begin = Math.min(begin, sample.stamp().utcMs());
      end = Math.max(end, sample.stamp().utcMs());
    }
    this.beginMs = begin;
    this.lengthMs = (end - begin) / WINDOW_MS * WINDOW_MS + WINDOW_MS;
    for (Sample sample : samples) {
      windows
          .computeIfAbsent(
              (sample.stamp().utcMs() - begin) / WINDOW_MS, unused -> new ArrayList<>())
          .add(sample);
    }
  }

  long catalogRev() {
    return catalog.rev();
  }

  byte[] catalogMessage() {
    return catalogMessage.clone();
  }

  /**
   * The batch of what the street did in the time before {@code untilUtcMs}.
   *
   * @param spanMs how long; the recording is repeated as often as it takes.
   * @param phaseMs where in the recording this gateway is.
   */
  Batch batch(
      long epoch, long boot, long bseq, long rseq, long untilUtcMs, long spanMs, long phaseMs) {
    List<Sample> samples = new ArrayList<>();
    long from = untilUtcMs - spanMs;
    for (long at = from / WINDOW_MS; at < untilUtcMs / WINDOW_MS; at++) {
      long window = Math.floorMod(at * WINDOW_MS + phaseMs, lengthMs) / WINDOW_MS;
      for (Sample sample : windows.getOrDefault(window, List.of())) {
        long within = sample.stamp().utcMs() - beginMs - window * WINDOW_MS;
        Stamp stamp = new Stamp(boot, 0, at * WINDOW_MS + within, UNCERTAINTY_MS);
        samples.add(
            new Sample(
                sample.device(), stamp, sample.quality(), sample.values(), sample.pointQuality()));
      }
    }
    return new Batch(
        epoch,
        Lane.TELEMETRY,
        bseq,
        rseq,
        catalog.rev(),
        new Clk(false, UNCERTAINTY_MS, boot),
        TICK_MS,
        samples,
        List.of(),
        List.of());
  }

  byte[] encode(Batch batch) {
    return BatchCodec.encode(batch, catalog);
  }

  static int readings(Batch batch) {
    return batch.samples().stream().mapToInt(Sample::readings).sum();
  }
}
