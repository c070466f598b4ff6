package io.verge.simulator.bench;

import io.verge.model.Catalog;
import io.verge.model.Lane;
import io.verge.model.Sample;
import io.verge.store.Store;
import io.verge.store.StoreException;
import io.verge.store.StoredBatch;
import io.verge.wire.Batch;
import io.verge.wire.BatchCodec;
import io.verge.wire.Clk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/** The buffer on disk: rates, bytes the card is told to write, bytes kept, opening, heap. */
final class StoreBench {
  private static final int BURST = 500;
  private static final int N = 100_000;
  private static final int REAL_SECONDS = 60;
  private static final long ROOMY = 400L << 20;
  private static final long LOG_BYTES = 16L << 20;

  private final Figures figures;
  private final long backlog;
  private final Catalog catalog = StoreLoad.catalog();

  StoreBench(Figures figures, long backlog) {
    this.figures = figures;
    this.backlog = backlog;
  }

  /** What can be asked for alone. */
  enum Part {
    ingest,
    device,
    process,
    backlog
  }

  void run(Set<Part> parts) throws Exception {
    Path folder = Files.createTempDirectory("verge-bench-store");
    try {
      if (parts.contains(Part.ingest)) {
        ingest(folder);
      }
      if (parts.contains(Part.device)) {
        device();
      }
      if (parts.contains(Part.process)) {
        realTime(folder, 1);
        realTime(folder, 5);
      }
      if (parts.contains(Part.backlog)) {
        opening(folder);
      }
    } finally {
      clear(folder);
    }
  }

  private void ingest(Path folder) throws Exception {
    figures.say("ingest: " + N + " readings in commits of " + BURST);
    StoreLoad load = new StoreLoad();
    List<List<Sample>> commits = new ArrayList<>();
    for (int i = 0; i < N / BURST; i++) {
      commits.add(load.next(BURST));
    }
    int[] run = {0};
    double[] wall = new double[Timed.RUNS];
    double[] cpu = new double[Timed.RUNS];
    double[] limit = new double[Timed.RUNS];
    for (int i = -2; i < Timed.RUNS; i++) {
      Path file = folder.resolve("ingest-" + run[0]++ + ".db");
      try (StoreRig rig = new StoreRig(file, 10_000, ROOMY, catalog)) {
        Timed.Took took = Timed.once(() -> commits.forEach(rig::commit));
        if (i >= 0) {
          wall[i] = took.seconds();
          cpu[i] = took.cpuSeconds();
        }
      }
      try (LimitLog log = new LimitLog(folder.resolve("limit-" + run[0] + ".log"), LOG_BYTES)) {
        Timed.Took took = Timed.once(() -> logAll(log, commits));
        if (i >= 0) {
          limit[i] = took.seconds();
        }
      }
    }
    String who = Figures.VERGE;
    figures.put("ingest_rate", N / Figures.median(wall), "readings/s", who, N, Timed.RUNS);
    figures.put("ingest_rate", N / Figures.median(limit), "readings/s", "limit", N, Timed.RUNS);
    figures.put("ingest_cpu_us", 1e6 * Figures.median(cpu) / N, "us/reading", who, N, Timed.RUNS);
  }

  private void realTime(Path folder, int seconds) throws Exception {
    int n = REAL_SECONDS * StoreLoad.READINGS_A_SECOND;
    figures.say("real time: " + n + " readings, 50 a second, commits of " + seconds + " s");
    double micros =
        StoreRealTime.cpuMicros(
            folder.resolve("real-" + seconds + ".db"),
            catalog,
            ROOMY,
            seconds * 1000L,
            REAL_SECONDS);
    figures.put("process_cpu_us_" + seconds + "s", micros, "us/reading", Figures.VERGE, n, 1);
  }

  private void device() throws Exception {
    try (LoopDisk disk = LoopDisk.open()) {
      device(disk, 1, 30_000);
      device(disk, 10, N);
    } catch (IOException e) {
      figures.say("device bytes are not measured: " + e.getMessage());
    }
  }

  /**
   * Bytes a reading once the files have their size: the first run fills them and does not count.
   */
  private void device(LoopDisk disk, int seconds, int n) throws Exception {
    String figure = "device_bytes_" + seconds + "s";
    figures.say(figure + ": " + n + " readings a run in commits of " + seconds + " s");
    int commit = StoreLoad.READINGS_A_SECOND * seconds;
    double[] verge = new double[Timed.RUNS];
    double[] limit = new double[Timed.RUNS];
    StoreLoad load = new StoreLoad();
    try (StoreRig rig =
            new StoreRig(disk.folder().resolve(figure + ".db"), seconds * 1000L, ROOMY, catalog);
        LimitLog log = new LimitLog(disk.folder().resolve(figure + ".log"), LOG_BYTES)) {
      for (int run = -1; run < Timed.RUNS; run++) {
        List<List<Sample>> commits = new ArrayList<>();
        for (int i = 0; i < n / commit; i++) {
          commits.add(load.next(commit));
        }
        long before = disk.written();
        commits.forEach(rig::commit);
        long middle = disk.written();
        logAll(log, commits);
        long after = disk.written();
        if (run >= 0) {
          verge[run] = (middle - before) / (double) n;
          limit[run] = (after - middle) / (double) n;
        }
      }
    }
    figures.put(figure, Figures.median(verge), "B/reading", Figures.VERGE, n, Timed.RUNS);
    figures.put(figure, Figures.median(limit), "B/reading", "limit", n, Timed.RUNS);
    double[] ratio = new double[Timed.RUNS];
    for (int run = 0; run < Timed.RUNS; run++) {
      ratio[run] = verge[run] / limit[run];
    }
    figures.put(figure + "_ratio", Figures.median(ratio), "x", Figures.VERGE, n, Timed.RUNS);
  }

  private void logAll(LimitLog log, List<List<Sample>> commits) throws IOException {
    for (List<Sample> samples : commits) {
      log.commit(record(samples));
    }
  }

  /** One commit in the fewest bytes the product knows. */
  private byte[] record(List<Sample> samples) {
    return BatchCodec.encode(
        new Batch(
            1,
            Lane.TELEMETRY,
            1,
            1,
            catalog.rev(),
            new Clk(false, 20, 7),
            1,
            samples,
            List.of(),
            List.of()),
        catalog);
  }

  private void opening(Path folder) throws Exception {
    Path empty = folder.resolve("empty.db");
    Path full = folder.resolve("full.db");
    new StoreRig(empty, 1000, ROOMY, catalog).close();
    figures.say("a backlog of " + backlog + " readings");
    StoreLoad load = new StoreLoad();
    try (StoreRig rig = new StoreRig(full, 80_000, ROOMY, catalog)) {
      long marks = backlog / 10;
      for (long done = 0; done < backlog; done += 4000) {
        rig.commit(load.next(4000));
        if (done % marks < 4000) {
          figures.say("  " + done);
        }
      }
    }
    figures.put(
        "disk_bytes", Files.size(full) / (double) backlog, "B/reading", Figures.VERGE, backlog, 1);
    drain(full);
    Timed.Took none = Timed.median(() -> new StoreRig(empty, 1000, ROOMY, catalog).close());
    Timed.Took many = Timed.median(() -> new StoreRig(full, 1000, ROOMY, catalog).close());
    figures.put("open_empty_ms", none.seconds() * 1e3, "ms", Figures.VERGE, 0, Timed.RUNS);
    figures.put("open_10m_ms", many.seconds() * 1e3, "ms", Figures.VERGE, backlog, Timed.RUNS);
    double[] heap = new double[Timed.RUNS];
    for (int run = 0; run < Timed.RUNS; run++) {
      try (StoreRig rig = new StoreRig(full, 1000, ROOMY, catalog)) {
        rig.commit(load.next(StoreLoad.READINGS_A_SECOND));
        heap[run] = heapInUse() / 1048576.0;
      }
    }
    figures.put("heap_mib", Figures.median(heap), "MiB", Figures.VERGE, backlog, Timed.RUNS);
  }

  /** Batches as the uplink takes them, in flight by eight, then acked. */
  private void drain(Path file) throws Exception {
    double[] seconds = new double[Timed.RUNS];
    long[] readings = {0};
    for (int run = -1; run < Timed.RUNS; run++) {
      try (Store store = Store.open(file, new Random(5))) {
        String uplink = "drain-" + run;
        readings[0] = 0;
        Timed.Took took = Timed.once(() -> readings[0] = drain(store, uplink));
        if (run >= 0) {
          seconds[run] = took.seconds();
        }
      }
    }
    figures.put(
        "drain_rate",
        readings[0] / Figures.median(seconds),
        "readings/s",
        Figures.VERGE,
        readings[0],
        Timed.RUNS);
  }

  private static long drain(Store store, String uplink) throws StoreException {
    long readings = 0;
    long after = 0;
    Optional<StoredBatch> batch = store.next(Lane.TELEMETRY, after);
    while (batch.isPresent()) {
      readings += batch.get().readings();
      after = batch.get().bseq();
      if (after % 8 == 0) {
        store.ack(uplink, Lane.TELEMETRY, store.epoch(), after);
      }
      batch = store.next(Lane.TELEMETRY, after);
    }
    store.ack(uplink, Lane.TELEMETRY, store.epoch(), after);
    return readings;
  }

  private static long heapInUse() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  static void clear(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
