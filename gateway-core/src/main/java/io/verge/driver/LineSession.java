package io.verge.driver;

import java.util.List;

/**
 * The GPIO lines of a bus, held by one driver for one poll or command. Called on the bus thread.
 */
public interface LineSession {
  /**
   * A change of an input: milliseconds since boot, with nanosecond fraction dropped to
   * microseconds.
   */
  record Edge(long micros, boolean rising) {}

  /** What pulls an input while nothing drives it. */
  enum Pull {
    NONE,
    UP,
    DOWN
  }

  /** Physical level of an input: true is high. Claims the line on first use. */
  boolean level(int line, Pull pull) throws BusException;

  /** Edges of an input since the last call, oldest first. Claims the line on first use. */
  List<Edge> edges(int line, Pull pull) throws BusException;

  /**
   * Edges of this input that were lost because nobody took them in time, since the line was
   * claimed.
   */
  long lostEdges(int line, Pull pull) throws BusException;

  /**
   * Whether the time of an edge is that of the change itself, to some tens of microseconds, so that
   * the length of a pulse can be measured.
   */
  boolean timesEdges();

  /** Drives an output. Claims the line on first use. */
  void drive(int line, boolean high) throws BusException;

  /**
   * Drives an output high for at least so long, and low afterwards.
   *
   * @param micros 1..1000.
   */
  void pulse(int line, int micros) throws BusException;

  /** Level last driven on an output; false if it was never driven. */
  boolean driven(int line);

  /**
   * Has a PWM channel be high for {@code highNanos} of each period. Claims the channel on first
   * use.
   */
  void modulate(int channel, long periodNanos, long highNanos) throws BusException;

  /** Waits, for a relay or a supply to settle; 1..2000 ms. */
  void settle(int millis) throws BusException;

  /** Microseconds since boot on the clock of {@link Edge#micros()}. */
  long micros();
}
