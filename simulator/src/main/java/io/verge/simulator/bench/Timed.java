package io.verge.simulator.bench;

import java.lang.management.ManagementFactory;

/** Runs work several times and takes the medians. */
final class Timed {
  /** Runs whose median counts. */
  static final int RUNS = 5;

  /** Runs before them, at least; more until {@link #WARM_NANOS} have passed. */
  private static final int WARM_RUNS = 2;

  private static final long WARM_NANOS = 1_500_000_000L;

  /** Work that may fail. */
  interface Work {
    void run() throws Exception;
  }

  /**
   * What a run took.
   *
   * @param seconds of wall time.
   * @param cpuSeconds of the calling thread.
   */
  record Took(double seconds, double cpuSeconds) {}

  private Timed() {}

  static Took once(Work work) throws Exception {
    long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    long began = System.nanoTime();
    work.run();
    long wall = System.nanoTime() - began;
    cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpu;
    return new Took(wall / 1e9, cpu / 1e9);
  }

  /** Medians after a warm-up. */
  static Took median(Work work) throws Exception {
    long began = System.nanoTime();
    for (int i = 0; i < WARM_RUNS || System.nanoTime() - began < WARM_NANOS; i++) {
      work.run();
    }
    double[] wall = new double[RUNS];
    double[] cpu = new double[RUNS];
    for (int i = 0; i < RUNS; i++) {
      Took took = once(work);
      wall[i] = took.seconds();
      cpu[i] = took.cpuSeconds();
    }
    return new Took(Figures.median(wall), Figures.median(cpu));
  }
}
