package io.verge.poll;

import java.util.Arrays;

/**
 * When each device of a bus is polled. Phases are spread over the interval, so that equal devices
 * do not come due together. A late poll is skipped and counted, never queued up. Not thread-safe.
 */
final class Schedule {
  private final long[] everyNanos;
  private final long[] dueNanos;
  private final long[] soonNanos;
  private long skipped;

  /**
   * @param everyMs interval per device; each at least 1.
   */
  Schedule(long[] everyMs, long nowNanos) {
    everyNanos = new long[everyMs.length];
    dueNanos = new long[everyMs.length];
    soonNanos = new long[everyMs.length];
    Arrays.fill(soonNanos, Long.MAX_VALUE);
    for (int i = 0; i < everyMs.length; i++) {
      everyNanos[i] = everyMs[i] * 1_000_000;
      dueNanos[i] = nowNanos + everyNanos[i] / everyMs.length * i;
    }
  }

  /** The device that has been due longest, or -1. */
  int due(long nowNanos) {
    int earliest = earliest();
    return earliest >= 0 && next(earliest) <= nowNanos ? earliest : -1;
  }

  /** When the next device comes due; {@link Long#MAX_VALUE} without devices. */
  long nextNanos() {
    int earliest = earliest();
    return earliest < 0 ? Long.MAX_VALUE : next(earliest);
  }

  /** The device was polled, or its turn was used otherwise. */
  void done(int device, long nowNanos) {
    boolean isExtra = soonNanos[device] < dueNanos[device];
    soonNanos[device] = Long.MAX_VALUE;
    long late = nowNanos - dueNanos[device];
    if (isExtra && late < 0) {
      return;
    }
    long turns = late < everyNanos[device] ? 1 : late / everyNanos[device] + 1;
    skipped += turns - 1;
    dueNanos[device] += turns * everyNanos[device];
  }

  /** Makes the device due now, without moving its later turns. */
  void now(int device, long nowNanos) {
    soonNanos[device] = nowNanos;
  }

  /** Turns that passed without a poll because the bus was late. */
  long skipped() {
    return skipped;
  }

  private long next(int device) {
    return Math.min(dueNanos[device], soonNanos[device]);
  }

  private int earliest() {
    int earliest = -1;
    for (int i = 0; i < dueNanos.length; i++) {
      if (earliest < 0 || next(i) < next(earliest)) {
        earliest = i;
      }
    }
    return earliest;
  }
}
