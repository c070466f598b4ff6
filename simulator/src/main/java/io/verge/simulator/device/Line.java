package io.verge.simulator.device;

/** A wire in time: what is said arrives later, character by character. One thread at a time. */
public interface Line {
  long characterNanos();

  /** Whether the adapter is there. */
  boolean isPlugged(long nanos);

  /** The gateway has sent these bytes; their last has just left it. */
  void heard(byte[] bytes, long nanos);

  /** What has arrived at the gateway by now. */
  byte[] say(long nanos);

  /** When it is worth looking again. */
  long nextNanos(long nanos);
}
