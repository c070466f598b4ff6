package io.verge.driver;

/** What the field did. */
public sealed interface Answer {
  /** A frame the framer accepted, whole and checked. */
  record Frame(byte[] bytes) implements Answer {}

  /** Nothing came in time, after all retries. */
  record Silence() implements Answer {}

  /** Bytes came, but no frame the framer accepts, after all retries. */
  record Garbled(byte[] bytes) implements Answer {}
}
