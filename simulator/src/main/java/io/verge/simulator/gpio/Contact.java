package io.verge.simulator.gpio;

import java.util.Random;

/** A mechanical contact between a line and ground, which bounces whenever it moves. */
final class Contact {
  private static final int BOUNCES_MAX = 6;

  private final LineBoard board;
  private final int line;
  private final long bounceNanos;
  private final Random random;

  /**
   * @param bounceNanos the longest it takes to come to rest.
   */
  Contact(LineBoard board, int line, long bounceNanos, Random random) {
    this.board = board;
    this.line = line;
    this.bounceNanos = bounceNanos;
    this.random = random;
  }

  /** Moves now; at rest within the bounce time. */
  void move(boolean closed) {
    set(closed);
    int bounces = bounceNanos == 0 ? 0 : random.nextInt(BOUNCES_MAX + 1);
    long at = 0;
    for (int i = 0; i < 2 * bounces; i++) {
      at += 1 + (long) (random.nextDouble() * (bounceNanos / (2.0 * BOUNCES_MAX)));
      boolean state = closed == (i % 2 == 1);
      board.at(board.nanos() + at, () -> set(state));
    }
  }

  private void set(boolean closed) {
    board.wire(line, closed ? LineBoard.Wire.LOW : LineBoard.Wire.OPEN);
  }
}
