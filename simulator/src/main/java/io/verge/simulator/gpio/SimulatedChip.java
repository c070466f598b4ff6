package io.verge.simulator.gpio;

import io.verge.transport.GpioChip;
import io.verge.transport.TransportException;
import java.util.List;

/** A gateway's hold of a board's lines. */
final class SimulatedChip implements GpioChip {
  private final String place;
  private final LineBoard board;
  private final int plugging;
  private volatile boolean closed;

  /**
   * @param plugging which plugging in of the board this belongs to.
   */
  SimulatedChip(String place, LineBoard board, int plugging) {
    this.place = place;
    this.board = board;
    this.plugging = plugging;
  }

  String place() {
    return place;
  }

  int plugging() {
    return plugging;
  }

  private void checkOpen() throws TransportException {
    if (closed) {
      throw new TransportException(place + " is closed", true);
    }
  }

  @Override
  public Input input(int line, Bias bias) throws TransportException {
    checkOpen();
    LineBoard.Line claimed = board.claim(this, line, LineBoard.Drive.NONE, bias);
    return new Input() {
      @Override
      public boolean read() throws TransportException {
        checkOpen();
        return board.read(SimulatedChip.this, claimed);
      }

      @Override
      public List<Edge> takeEdges() throws TransportException {
        checkOpen();
        return board.takeEdges(SimulatedChip.this, claimed);
      }

      @Override
      public long lostEdges() {
        return board.lostEdges(claimed);
      }
    };
  }

  @Override
  public boolean timesEdges() {
    return true;
  }

  @Override
  public Output output(int line, boolean high) throws TransportException {
    checkOpen();
    LineBoard.Line claimed =
        board.claim(this, line, high ? LineBoard.Drive.HIGH : LineBoard.Drive.LOW, null);
    return new Output() {
      private boolean level = high;

      @Override
      public void write(boolean next) throws TransportException {
        checkOpen();
        board.drive(SimulatedChip.this, claimed, next);
        level = next;
      }

      @Override
      public boolean level() {
        return level;
      }
    };
  }

  @Override
  public Pwm pwm(int channel) throws TransportException {
    checkOpen();
    LineBoard.Channel claimed = board.claim(this, channel);
    return (periodNanos, highNanos) -> {
      checkOpen();
      board.modulate(this, claimed, periodNanos, highNanos);
    };
  }

  /** Its lines float afterwards; its PWM channels go on. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      board.release(this);
    }
  }
}
