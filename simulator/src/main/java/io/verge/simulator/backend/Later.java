package io.verge.simulator.backend;

/** Virtual time in which things are put off; the world steps it. One thread. */
public interface Later {
  /** Runs {@code work} when virtual time has reached {@code nanos}; in order for equal times. */
  void at(long nanos, Runnable work);

  /** Virtual monotonic time. */
  long nanos();
}
