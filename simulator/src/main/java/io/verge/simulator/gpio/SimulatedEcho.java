package io.verge.simulator.gpio;

import java.util.function.IntSupplier;

/**
 * An ultrasonic module with trigger and echo, as in {@code hardware-notes/hc-sr04.md}: after a
 * trigger of 10 microseconds it sends its burst, and raises the echo line for the time sound takes
 * to the surface and back.
 */
public final class SimulatedEcho {
  private static final long TRIGGER_LEAST_NANOS = 10_000;
  private static final long BURST_NANOS = 450_000;
  private static final long NO_ECHO_NANOS = 38_000_000;

  /** Nanoseconds for a millimetre there and back, at 20 degrees Celsius: 343.42 m/s. */
  private static final double NANOS_PER_MM = 2e6 / 343.42;

  private static final int FARTHEST_MM = 4500;

  private final LineBoard board;
  private final int echo;
  private final IntSupplier distanceMm;
  private long raisedNanos;
  private boolean triggering;
  private boolean busy;
  private long pings;

  /**
   * @param distanceMm to the surface now; 0: nothing throws the sound back.
   */
  public SimulatedEcho(LineBoard board, int trigger, int echo, IntSupplier distanceMm) {
    this.board = board;
    this.echo = echo;
    this.distanceMm = distanceMm;
    board.wire(echo, LineBoard.Wire.LOW);
    board.listen(trigger, this::hear);
  }

  private void hear(LineBoard.Drive drive) {
    if (drive == LineBoard.Drive.HIGH) {
      raisedNanos = board.nanos();
      triggering = true;
      return;
    }
    boolean isLongEnough = board.nanos() - raisedNanos >= TRIGGER_LEAST_NANOS;
    if (triggering && isLongEnough && !busy) {
      busy = true;
      pings++;
      board.at(board.nanos() + BURST_NANOS, this::listen);
    }
    triggering = false;
  }

  private void listen() {
    board.wire(echo, LineBoard.Wire.HIGH);
    int mm = distanceMm.getAsInt();
    long lasts = mm <= 0 || mm > FARTHEST_MM ? NO_ECHO_NANOS : Math.round(mm * NANOS_PER_MM);
    board.at(
        board.nanos() + lasts,
        () -> {
          board.wire(echo, LineBoard.Wire.LOW);
          busy = false;
        });
  }

  /** Bursts sent. */
  public long pings() {
    synchronized (board) {
      board.catchUp();
      return pings;
    }
  }
}
