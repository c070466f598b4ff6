package io.verge.uplink;

import java.util.random.RandomGenerator;

/**
 * Which of an uplink's servers is tried next, and after how long. Pure. Servers are tried in order,
 * from the first again after a connection that lasted; the wait grows after each round in which
 * none of them would do.
 *
 * @param servers how many there are, at least 1.
 * @param server the one to try, from 0 on.
 * @param backoff after rounds.
 * @param allRefused whether every server tried in this round turned the gateway away.
 */
record Attempts(int servers, int server, Backoff backoff, boolean allRefused) {
  static Attempts of(int servers) {
    return new Attempts(servers, 0, Backoff.NONE, true);
  }

  /** A connection that lasted has ended. */
  Attempts lasted() {
    return new Attempts(servers, 0, Backoff.NONE.failed(), true);
  }

  /** A connection did not come about, or did not last. */
  Attempts failed(boolean isRefused) {
    boolean refused = allRefused && isRefused;
    if (server + 1 < servers) {
      return new Attempts(servers, server + 1, backoff, refused);
    }
    return new Attempts(servers, 0, refused ? backoff.refused() : backoff.failed(), true);
  }

  /** The next server of a round is tried within a second; a new round waits for the backoff. */
  long nanos(RandomGenerator random) {
    return (server > 0 ? Backoff.NONE.failed() : backoff).nanos(random);
  }
}
