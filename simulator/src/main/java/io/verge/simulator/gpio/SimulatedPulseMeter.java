package io.verge.simulator.gpio;

import java.util.Random;
import java.util.function.LongConsumer;

/**
 * A water meter whose reed connects its line to ground once a turn, as in
 * hardware-notes/pulse-water.md, and bounces at both ends.
 */
public final class SimulatedPulseMeter {
  /** A reed at the switching point changes this fast: faster than any debounce time. */
  private static final long REST_LEAST_NANOS = 200_000;

  private static final long REST_MOST_NANOS = 15_000_000;

  private final LineBoard board;
  private final int line;
  private final Contact reed;
  private final long closedNanos;
  private final Random random;
  private long periodNanos;
  private long turning;
  private long pulses;
  private long restless;
  private LongConsumer listener = nanos -> {};

  /**
   * @param closedNanos how long the reed stays closed in a turn.
   * @param bounceNanos until it rests, at either end.
   */
  public SimulatedPulseMeter(
      LineBoard board, int line, long closedNanos, long bounceNanos, long seed) {
    this.board = board;
    this.line = line;
    this.closedNanos = closedNanos;
    this.random = new Random(seed);
    this.reed = new Contact(board, line, bounceNanos, random);
  }

  /**
   * Turns at about this pace from now on, give or take a quarter.
   *
   * @param nextPeriodNanos 0: it stands still, once a turn under way has ended.
   */
  public void turn(long nextPeriodNanos) {
    synchronized (board) {
      board.catchUp();
      periodNanos = nextPeriodNanos;
      long mine = ++turning;
      if (nextPeriodNanos > 0) {
        put(mine);
      }
    }
  }

  private void put(long mine) {
    long wait = periodNanos * 3 / 4 + (long) (random.nextDouble() * periodNanos / 2);
    board.at(board.nanos() + wait, () -> pulse(mine));
  }

  private void pulse(long mine) {
    if (mine != turning) {
      return;
    }
    pulses++;
    listener.accept(board.nanos());
    reed.move(true);
    board.at(board.nanos() + closedNanos, () -> reed.move(false));
    put(mine);
  }

  /** The magnet comes to rest where the reed switches: it rattles, and no water flows. */
  public void rattle(long forNanos) {
    synchronized (board) {
      board.catchUp();
      rattle(board.nanos() + forNanos, true);
    }
  }

  private void rattle(long untilNanos, boolean closed) {
    boolean ends = board.nanos() >= untilNanos;
    board.wire(line, closed && !ends ? LineBoard.Wire.LOW : LineBoard.Wire.OPEN);
    if (!ends) {
      restless++;
      long wait =
          REST_LEAST_NANOS + (long) (random.nextDouble() * (REST_MOST_NANOS - REST_LEAST_NANOS));
      board.at(board.nanos() + wait, () -> rattle(untilNanos, !closed));
    }
  }

  /** Hears of every turn, with the board's nanoseconds at which its pulse began. */
  public void listen(LongConsumer next) {
    synchronized (board) {
      listener = next;
    }
  }

  /** Turns it has made. */
  public long pulses() {
    synchronized (board) {
      board.catchUp();
      return pulses;
    }
  }

  /** Changes it has made while it rattled. */
  public long rattles() {
    synchronized (board) {
      board.catchUp();
      return restless;
    }
  }
}
