package io.verge.autonomy;

/**
 * Whether a rule is raised for an asset: a verdict must hold for the dwell before it counts, in
 * both directions.
 *
 * @param turning whether a verdict against {@code isRaised} is being held.
 * @param sinceMs since when, monotonic; meaningful while {@code turning}.
 */
record Alarm(boolean isRaised, boolean turning, long sinceMs) {
  static final Alarm CLEAR = new Alarm(false, false, 0);

  Alarm next(Probe.Verdict verdict, long nowMs, long dwellMs) {
    if (verdict != Probe.Verdict.YES && verdict != Probe.Verdict.NO) {
      return this;
    }
    boolean wanted = verdict == Probe.Verdict.YES;
    if (wanted == isRaised) {
      return new Alarm(isRaised, false, 0);
    }
    long since = turning ? sinceMs : nowMs;
    return nowMs - since >= dwellMs
        ? new Alarm(wanted, false, 0)
        : new Alarm(isRaised, true, since);
  }
}
