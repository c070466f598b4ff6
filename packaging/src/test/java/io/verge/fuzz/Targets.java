package io.verge.fuzz;

import com.sun.management.ThreadMXBean;
import io.verge.driver.FrameDecoder;
import io.verge.local.RequestTarget;
import io.verge.runtime.Found;
import io.verge.store.JournalTargets;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/** All targets by name, and how one is tried. */
public final class Targets {
  /** Classes are loaded and caches filled by the first runs; the least of these counts. */
  private static final int ALLOCATION_RUNS = 4;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static final SortedMap<String, Target> ALL = all();

  private Targets() {}

  public static SortedMap<String, Target> byName() {
    return Collections.unmodifiableSortedMap(ALL);
  }

  private static SortedMap<String, Target> all() {
    SortedMap<String, Target> all = new TreeMap<>();
    for (FrameDecoder decoder : Found.decoders()) {
      all.put("decode-" + decoder.protocol(), new DecodeTarget(decoder));
    }
    BusTarget.addTo(all);
    WireTargets.addTo(all);
    TextTargets.addTo(all);
    JournalTargets.addTo(all);
    all.put("local-request", new RequestTarget());
    return all;
  }

  /**
   * Tries an input.
   *
   * @throws AssertionError if more was allocated than its length allows.
   */
  public static void run(String name, byte[] input) throws Exception {
    Target target = ALL.get(name);
    if (target == null) {
      throw new IllegalArgumentException("no target '" + name + "'; there are " + ALL.keySet());
    }
    byte[] bytes = Corpus.bounded(input);
    long allowed = target.allowed(bytes.length);
    long least = Long.MAX_VALUE;
    for (int run = 0; run < ALLOCATION_RUNS && least > allowed; run++) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      target.read(bytes.clone());
      least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
    }
    if (least > allowed) {
      throw new AssertionError(
          name + " allocates " + least + " bytes for " + bytes.length + ", allowed " + allowed);
    }
  }

  /** The target the first byte says, and the rest as its input. */
  public static void runAny(byte[] input) throws Exception {
    if (input.length > 0) {
      run(name(input[0]), Arrays.copyOfRange(input, 1, input.length));
    }
  }

  private static String name(byte choice) {
    return ALL.keySet().stream().skip((choice & 0xFF) % ALL.size()).findFirst().orElseThrow();
  }

  /** The byte before an input of this target in {@link #runAny}. */
  static byte choice(String name) {
    return (byte) ALL.headMap(name).size();
  }
}
