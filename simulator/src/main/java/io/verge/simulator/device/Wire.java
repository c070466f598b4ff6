package io.verge.simulator.device;

/** A wire with devices on it, as the master at its other end sees it. One thread at a time. */
public interface Wire {
  /** Longest silence within a request; older bytes are noise. */
  long REQUEST_NANOS = 100_000_000L;

  /** The master sent these bytes; what the devices answer, or nothing. */
  byte[] received(byte[] bytes, long nanos);

  /** What devices say unasked by now, or nothing. */
  byte[] spontaneous(long nanos);

  /** Readings served since the start: whole answers that carry readings, times their points. */
  long served();
}
