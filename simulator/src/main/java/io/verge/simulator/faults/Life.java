package io.verge.simulator.faults;

import java.util.Arrays;

/**
 * What the campaign knows of one process of it, from what that process told before its end.
 *
 * <p>Arrays are telemetry samples, meter samples, events, in this order.
 */
final class Life {
  private static final long PAGE = 4096;
  private static final int SHRINK_COMMITS = 100;

  private final LifePlan plan;
  private final long[] offered = new long[3];
  private final long[] reported = new long[3];
  private final long[] work = new long[Victim.BYTES + 1];
  private long[] started = {};
  private volatile long commits;
  private boolean settled;
  private volatile long troubles;
  private String firstTrouble = "";
  private boolean done;

  Life(LifePlan plan) {
    this.plan = plan;
  }

  LifePlan plan() {
    return plan;
  }

  void started(long[] values) {
    started = values;
  }

  boolean hasStarted() {
    return started.length > 0;
  }

  long epoch() {
    return started[0];
  }

  boolean wasClean() {
    return started[1] == 1;
  }

  boolean wasQuarantined() {
    return started[2] == 1;
  }

  boolean isDurable() {
    return started[3] == 1;
  }

  /** Life and index that were kept when this life began: of telemetry (0) or meters (1). */
  long[] kept(int lane) {
    return Arrays.copyOfRange(started, 4 + 2 * lane, 6 + 2 * lane);
  }

  void offered(long[] totals) {
    System.arraycopy(totals, 0, offered, 0, offered.length);
  }

  /**
   * @return what is wrong with the bytes on disk, or empty. A store that finds a lowered limit has
   *     some commits to come below it; once there it stays.
   */
  String committed(long[] values) {
    System.arraycopy(values, 0, reported, 0, reported.length);
    System.arraycopy(values, 0, work, 0, work.length);
    commits++;
    long bytes = values[Victim.BYTES];
    boolean over = bytes > plan.maxBytes() + PAGE;
    settled |= !over || commits > SHRINK_COMMITS;
    return over && settled
        ? "life " + plan.life() + ": " + bytes + " bytes on disk, limit " + plan.maxBytes()
        : "";
  }

  void trouble(String what) {
    troubles++;
    if (firstTrouble.isEmpty()) {
      firstTrouble = what;
    }
  }

  long troubles() {
    return troubles;
  }

  String firstTrouble() {
    return firstTrouble;
  }

  void done() {
    done = true;
  }

  boolean isDone() {
    return done;
  }

  long commits() {
    return commits;
  }

  long offered(int kind) {
    return offered[kind];
  }

  long reported(int kind) {
    return reported[kind];
  }

  /** A counter of the victim, by its place in {@link Frame#COMMITTED}. */
  long work(int place) {
    return work[place];
  }
}
