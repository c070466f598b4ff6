package io.verge.model;

import java.util.Map;

/** What became of a command. */
public record Outcome(State state, String why, Map<String, Object> details) {
  /** The states of design section 9; the last five are final. */
  public enum State {
    ACCEPTED,
    EXECUTING,
    DONE,
    FAILED,
    EXPIRED,
    REJECTED,
    SUPERSEDED;

    public boolean isFinal() {
      return this != ACCEPTED && this != EXECUTING;
    }

    public String word() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  public Outcome {
    details = Map.copyOf(details);
  }

  public static Outcome done(Map<String, Object> details) {
    return new Outcome(State.DONE, "", details);
  }

  public static Outcome of(State state, String why) {
    return new Outcome(state, why, Map.of());
  }
}
