package io.verge.autonomy;

/** Judges the samples of one asset, one after the other. */
@FunctionalInterface
public interface Probe {
  /** What one sample says. */
  enum Verdict {
    /** It is as the rule describes. */
    YES,
    NO,
    /** It says nothing about it: what was found before holds. */
    UNKNOWN,
    /** It has just happened, and is over. */
    NOW
  }

  Verdict look(Readings readings);
}
