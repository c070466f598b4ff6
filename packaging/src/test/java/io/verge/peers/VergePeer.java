package io.verge.peers;

import io.verge.health.Counters;
import io.verge.model.Catalog;
import io.verge.model.Device;
import io.verge.model.DeviceType;
import io.verge.model.Lane;
import io.verge.model.PointType;
import io.verge.model.Quality;
import io.verge.model.Sample;
import io.verge.model.Stamp;
import io.verge.store.SealPolicy;
import io.verge.store.Store;
import io.verge.store.StoreException;
import io.verge.store.StoreSettings;
import io.verge.store.StoreWorker;
import io.verge.time.FakeTime;
import io.verge.time.Stamper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Verge's store, link down; its clock is that of the readings, so a commit covers a window of them.
 */
final class VergePeer implements Peer {
  private static final long ROOMY = 256L << 20;

  private final FakeTime clock = new FakeTime(0, Payload.BEGIN_UTC_MS, 20);
  private final Counters counters = new Counters();
  private final StoreWorker worker;
  private final int window;
  private long put;

  /**
   * @param window readings a commit.
   */
  VergePeer(String folder, int window) throws StoreException {
    this.window = window;
    Store store = Store.open(Path.of(folder, "verge.db"), new Random(5));
    long commitMs = Math.max(1, window * 1000L / Payload.A_SECOND);
    worker =
        new StoreWorker(
            store,
            new StoreSettings(commitMs, ROOMY, SealPolicy.DEFAULT, List.of("city")),
            store.useCatalog(catalog()),
            new Stamper(7, clock, clock),
            clock,
            counters,
            null);
    worker.step(clock.nanos());
  }

  private static Catalog catalog() {
    DeviceType type = new DeviceType("probe", 1800, List.of(PointType.gauge("value", "", 1)));
    List<Device> devices = new ArrayList<>();
    for (int i = 0; i < Payload.SERIES; i++) {
      devices.add(new Device(0, "s-" + i));
    }
    return new Catalog(0, List.of(type), devices);
  }

  @Override
  public void put(Payload reading) {
    Stamp stamp = new Stamp(7, reading.monoMs(), reading.utcMs(), 20);
    Sample sample =
        new Sample(reading.series(), stamp, Quality.GOOD, new long[] {reading.value()}, null);
    if (!worker.offer(Lane.TELEMETRY, sample, null)) {
      throw new IllegalStateException("refused: " + worker.view());
    }
    if (++put % window == 0) {
      accepted();
    }
  }

  @Override
  public void accepted() {
    worker.step(clock.nanos());
    clock.sleepUntil(clock.nanos() + window * 1_000_000_000L / Payload.A_SECOND + 1_000_000);
    worker.step(clock.nanos());
    if (counters.get("readings.journaled") != put) {
      throw new IllegalStateException("not committed: " + worker.view());
    }
  }

  @Override
  public void close() throws StoreException {
    worker.close();
  }
}
