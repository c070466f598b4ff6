package io.verge.time;

/**
 * One thread's work, cut into steps. A crew steps it: a thread of its own in production, one thread
 * for all workers under a fake clock in tests. All methods but {@link #bell()} are called by that
 * one thread.
 */
public interface Worker extends AutoCloseable {
  /** "Nothing to do until the bell rings." */
  long NEVER = Long.MAX_VALUE;

  /** Unique in the process, short, and the thread's name: {@code bus rs485-1}, {@code store}. */
  String name();

  Bell bell();

  /**
   * Does one unit of work.
   *
   * @return when it wants to run again, in the ticker's nanoseconds; at or before {@code nowNanos}
   *     means at once.
   * @throws Exception when it cannot go on; the crew closes it and ends the process.
   */
  long step(long nowNanos) throws Exception;

  /** Finishes what must be finished; no step follows. */
  @Override
  void close() throws Exception;
}
