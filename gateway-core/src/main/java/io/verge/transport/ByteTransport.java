package io.verge.transport;

/** An open wire that carries bytes. One thread uses it; {@link #close()} may come from any. */
public interface ByteTransport extends AutoCloseable {
  /**
   * Writes all bytes before the deadline.
   *
   * @throws TransportException if the port is gone or the deadline passed.
   */
  void write(byte[] source, long deadlineNanos) throws TransportException;

  /**
   * Waits for at least one byte until the deadline, then takes what is there.
   *
   * @return how many bytes were put into {@code target} from {@code offset} on; 0: none until the
   *     deadline.
   * @throws TransportException if the port is gone.
   */
  int read(byte[] target, int offset, long deadlineNanos) throws TransportException;

  /** Throws away what has arrived and was not read. */
  void discardInput() throws TransportException;

  /** Nanoseconds one character takes on this wire; 0 where it has no speed of its own (TCP). */
  long characterNanos();

  @Override
  void close();
}
