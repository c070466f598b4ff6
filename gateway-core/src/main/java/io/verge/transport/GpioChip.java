package io.verge.transport;

/** An open GPIO chip: lines claimed by number. One thread uses it. */
public interface GpioChip extends AutoCloseable {
  /** What pulls an input while nothing drives it. */
  enum Bias {
    NONE,
    UP,
    DOWN
  }

  /** A change of an input, stamped as early as the platform allows. */
  record Edge(long nanos, boolean rising) {}

  /** A claimed input. Levels are physical: true is high. */
  interface Input {
    boolean read() throws TransportException;

    /**
     * Takes the edges since the last call, oldest first; at most {@link #EDGES_MAX} are kept
     * between two calls.
     */
    java.util.List<Edge> takeEdges() throws TransportException;

    /** Edges lost since the line was claimed, because nobody took them in time. */
    long lostEdges();
  }

  /** A claimed output. */
  interface Output {
    void write(boolean high) throws TransportException;

    /** The level last written. */
    boolean level();
  }

  /** A claimed PWM channel. It goes on by itself, also after closing. */
  interface Pwm {
    /**
     * @param highNanos of each period; 0..{@code periodNanos}.
     */
    void write(long periodNanos, long highNanos) throws TransportException;
  }

  /** Edges kept per line between two {@link Input#takeEdges()}: ten minutes of a 50 Hz meter. */
  int EDGES_MAX = 65_536;

  /**
   * @throws TransportException if the chip has no such line, or another process holds it.
   */
  Input input(int line, Bias bias) throws TransportException;

  /**
   * @param high the level from the moment of claiming on.
   */
  Output output(int line, boolean high) throws TransportException;

  /**
   * Claims a channel as it is: what it does already goes on until the first {@link Pwm#write}.
   *
   * @throws TransportException if it has no such channel, or no PWM at all.
   */
  default Pwm pwm(int channel) throws TransportException {
    throw new TransportException(
        "channel " + channel + ": this port has no PWM, expected for example pwm:pwmchip0", false);
  }

  /**
   * Whether the time of an edge is that of the change itself, to some tens of microseconds: stamped
   * in the kernel's interrupt, not when a thread came to it, and not debounced.
   */
  default boolean timesEdges() {
    return false;
  }

  @Override
  void close();
}
