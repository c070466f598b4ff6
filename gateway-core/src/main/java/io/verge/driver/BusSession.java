package io.verge.driver;

/** The bus, held by one driver for one poll or command. Called on the bus thread. */
public interface BusSession {
  /** Bytes kept while looking for a frame; the longest frame of any family is 261 (M-Bus). */
  int RECEIVE_MAX = 1024;

  /**
   * Sends a request and waits for its answer: silence before sending, echo, stray bytes, time-out
   * and retries are the bus's business.
   *
   * @throws BusException if the port is gone.
   */
  Answer transact(byte[] request, Framer framer) throws BusException;

  /**
   * Waits for a frame from a device that talks by itself.
   *
   * @param waitMs at most this long; 1..10000.
   * @throws BusException if the port is gone.
   */
  Answer listen(Framer framer, int waitMs) throws BusException;

  /** Sends what nobody answers (a broadcast) and keeps the bus silent for its turnaround time. */
  void send(byte[] frame) throws BusException;

  /**
   * How many answers were missed so far, while one of them may still come, however late; 0 from
   * {@link #caughtUp} on. What is late comes in its order. So a driver whose device's answers do
   * not tell their question asks one whose answer nothing but it can have before it believes
   * another; this number, which no earlier doubt had, makes such a question.
   */
  default int missed() {
    return 0;
  }

  /** Such a question was answered: everything asked before it has been answered, or never will. */
  default void caughtUp() {}

  /**
   * An answer did not come within {@link #listen}, or was another question's: the bus waits before
   * the next one, as after every missed answer.
   */
  default void miss() {}
}
