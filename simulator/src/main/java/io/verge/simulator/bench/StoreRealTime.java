package io.verge.simulator.bench;

import com.sun.management.OperatingSystemMXBean;
import io.verge.health.Counters;
import io.verge.model.Catalog;
import io.verge.model.Lane;
import io.verge.model.Sample;
import io.verge.store.SealPolicy;
import io.verge.store.Store;
import io.verge.store.StoreSettings;
import io.verge.store.StoreWorker;
import io.verge.time.Stamper;
import io.verge.time.SystemTicker;
import io.verge.time.ThreadCrew;
import io.verge.time.WallClock;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/** A process whose store gets 50 readings a second in real time. */
final class StoreRealTime {
  private static final String UPLINK = "city";
  private static final long SECOND = 1_000_000_000L;

  /** As polls come: on the standard street a poll has five readings or more. */
  private static final int POLLS_A_SECOND = 10;

  private static final int A_POLL = StoreLoad.READINGS_A_SECOND / POLLS_A_SECOND;
  private static final long BETWEEN_NANOS = SECOND / POLLS_A_SECOND;

  /** Until the virtual machine has settled. */
  private static final int WARM_SECONDS = 60;

  /** The machine's, believed. */
  private static final class Clock implements WallClock {
    @Override
    public long utcMs() {
      return System.currentTimeMillis();
    }

    @Override
    public boolean isTrusted() {
      return true;
    }

    @Override
    public int uncertaintyMs() {
      return 20;
    }

    @Override
    public void offer(long utcMs, int uncMs) {}
  }

  private StoreRealTime() {}

  /**
   * @return CPU of the whole process, in microseconds a reading: everything the virtual machine
   *     does beside included.
   */
  static double cpuMicros(Path file, Catalog wanted, long maxBytes, long commitMs, int seconds)
      throws Exception {
    SystemTicker ticker = new SystemTicker();
    Store store = Store.open(file, new Random(5));
    StoreWorker worker =
        new StoreWorker(
            store,
            new StoreSettings(commitMs, maxBytes, SealPolicy.DEFAULT, List.of(UPLINK)),
            store.useCatalog(wanted),
            new Stamper(7, ticker, new Clock()),
            ticker,
            new Counters(),
            null);
    Throwable[] broken = new Throwable[1];
    ThreadCrew crew = new ThreadCrew(ticker, (who, why) -> broken[0] = why);
    crew.start(worker);
    StoreLoad load = new StoreLoad();
    offer(worker, load, ticker, WARM_SECONDS);
    OperatingSystemMXBean machine =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long before = machine.getProcessCpuTime();
    offer(worker, load, ticker, seconds);
    long after = machine.getProcessCpuTime();
    crew.stop(worker);
    if (broken[0] != null) {
      throw new IllegalStateException(broken[0]);
    }
    return (after - before) / 1e3 / (seconds * (double) StoreLoad.READINGS_A_SECOND);
  }

  private static void offer(StoreWorker worker, StoreLoad load, SystemTicker ticker, int seconds) {
    long due = ticker.nanos();
    for (int i = 0; i < seconds * POLLS_A_SECOND; i++) {
      for (Sample sample : load.next(A_POLL)) {
        if (!worker.offer(Lane.TELEMETRY, sample, null)) {
          throw new IllegalStateException("the store refuses samples: " + worker.view());
        }
      }
      due += BETWEEN_NANOS;
      ticker.sleepUntil(due);
    }
  }
}
