package io.verge.simulator.world;

import io.verge.model.Catalog;
import io.verge.model.Lane;
import io.verge.model.Sample;
import io.verge.runtime.Gateway;
import io.verge.runtime.Platform;
import io.verge.simulator.backend.DirectUplink;
import io.verge.simulator.backend.Ledger;
import io.verge.simulator.backend.LedgerException;
import io.verge.simulator.backend.LinkPlan;
import io.verge.simulator.backend.Receiver;
import io.verge.simulator.street.Recordings;
import io.verge.simulator.street.SimulatedClock;
import io.verge.simulator.street.Street;
import io.verge.store.Sealing;
import io.verge.store.Store;
import io.verge.store.StoreException;
import io.verge.store.StoredBatch;
import io.verge.wire.BatchCodec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * What the shipped gateway acquires from the standard street in hours without a link.
 *
 * @param samples of telemetry, as its store's batches hold them.
 * @param meters the same of meters.
 */
public record RecordedStreet(Catalog catalog, List<Sample> samples, List<Sample> meters) {
  private static final long HOUR_NANOS = 3_600_000_000_000L;
  private static final int TICK_MS = 100;

  public RecordedStreet {
    samples = List.copyOf(samples);
    meters = List.copyOf(meters);
  }

  /** Runs the street under simulated time in a folder of its own. */
  public static RecordedStreet record(long seed, int hours)
      throws IOException, StoreException, LedgerException {
    return record(seed, hours, Recordings.none());
  }

  /** The same with water and waste that follow recordings of real ones. */
  public static RecordedStreet record(long seed, int hours, Recordings recordings)
      throws IOException, StoreException, LedgerException {
    Path folder = World.folder();
    try {
      return record(seed, hours, recordings, folder);
    } finally {
      World.clear(folder);
    }
  }

  private static RecordedStreet record(long seed, int hours, Recordings recordings, Path folder)
      throws IOException, StoreException, LedgerException {
    VirtualTime time = new VirtualTime(World.BEGIN_UTC_MS);
    Street street =
        new Street(seed, new SimulatedClock(time::nanos, World.BEGIN_UTC_MS, 1), recordings);
    WireProvider wires = new WireProvider(street.wires());
    Path data = folder.resolve("data");
    Catalog catalog;
    try (Ledger ledger = Ledger.open(folder.resolve("city.db"), Ledger.Durability.NORMAL)) {
      DirectUplink silent =
          new DirectUplink(
              new Receiver(ledger, time::utcMs), time, new Random(seed + 1), LinkPlan.GOOD);
      silent.outage(true);
      SteppedCrew crew = new SteppedCrew(time);
      Platform platform =
          new Platform(
              time,
              time,
              seed & 0xFFFF_FFFFL,
              crew,
              List.of(wires),
              List.of(silent),
              new Random(seed + 2),
              "simulated");
      Gateway gateway = Gateway.start(World.config(street, folder, wires), data, platform);
      catalog = gateway.catalog();
      crew.runUntil(time.nanos() + hours * HOUR_NANOS);
      gateway.stop();
    }
    return read(data.resolve("verge.db"), catalog);
  }

  private static RecordedStreet read(Path file, Catalog wanted) throws StoreException {
    try (Store store = Store.open(file, new Random(0))) {
      Catalog catalog = store.useCatalog(wanted);
      return new RecordedStreet(
          catalog, read(store, catalog, Lane.TELEMETRY), read(store, catalog, Lane.METER));
    }
  }

  private static List<Sample> read(Store store, Catalog catalog, Lane lane) throws StoreException {
    List<Sample> samples = new ArrayList<>();
    long after = 0;
    Optional<StoredBatch> batch = store.next(lane, after);
    while (batch.isPresent()) {
      after = batch.get().bseq();
      samples.addAll(BatchCodec.decode(batch.get().message(), catalog).orThrow().samples());
      batch = store.next(lane, after);
    }
    Sealing.Clock clock = new Sealing.Clock(0, io.verge.model.Stamp.NO_UTC, 0);
    batch = store.seal(lane, TICK_MS, clock);
    while (batch.isPresent()) {
      samples.addAll(BatchCodec.decode(batch.get().message(), catalog).orThrow().samples());
      batch = store.seal(lane, TICK_MS, clock);
    }
    return samples;
  }
}
