package io.verge.time;

/** UTC, and whether it may be believed. Never used for waiting. */
public interface WallClock {
  /** Milliseconds since 1970 UTC; meaningful only while {@link #isTrusted()}. */
  long utcMs();

  boolean isTrusted();

  /** Uncertainty of {@link #utcMs()} in milliseconds while it is trusted. */
  int uncertaintyMs();

  /**
   * A time told by a back end, used while nothing better is known.
   *
   * @param utcMs its clock at about now.
   * @param uncMs how far it may be off, the round trip included.
   */
  void offer(long utcMs, int uncMs);
}
