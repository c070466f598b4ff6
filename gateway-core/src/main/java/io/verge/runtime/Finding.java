package io.verge.runtime;

/**
 * What one check of {@code verge doctor} found.
 *
 * @param check what was looked at: {@code clock}, {@code port lamps}.
 * @param found what was found, one sentence.
 * @param advice the next step; empty where none is needed.
 */
record Finding(String check, State state, String found, String advice) {
  /** How it is. {@code unknown}: it could not be looked at, and the sentence says why. */
  enum State {
    good,
    warning,
    bad,
    unknown
  }

  static Finding good(String check, String found) {
    return new Finding(check, State.good, found, "");
  }

  static Finding warning(String check, String found, String advice) {
    return new Finding(check, State.warning, found, advice);
  }

  static Finding bad(String check, String found, String advice) {
    return new Finding(check, State.bad, found, advice);
  }

  static Finding unknown(String check, String found, String advice) {
    return new Finding(check, State.unknown, found, advice);
  }
}
