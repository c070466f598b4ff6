package io.verge.uplink;

import io.verge.model.Lane;
import java.util.Arrays;

/**
 * Finds the batch that a back end never takes: it got there alone, time and again, without being
 * committed, while the back end committed batches of other lanes in between. A back end that
 * commits nothing is down, and its batches are under no suspicion. Each further batch of a lane
 * that gave one up, and had none committed since, takes twice as often: a whole lane refused is a
 * back end with a bug, which somebody will mend. Outlives a connection. Pure.
 */
final class Suspects {
  /** So often in vain; with an ack_timeout of a minute, about three hours. */
  static final int ATTEMPTS = 45;

  /** A day and more for each batch of a lane of which nothing is taken. */
  private static final int DOUBLINGS_MAX = 3;

  /** One lane. */
  private static final class Suspect {
    long bseq;
    int attempts;

    /** Batches of other lanes committed when the last attempt was counted. */
    long others;

    /** The last one given up; 0: none. */
    long givenUp;

    /** Given up since the lane had a batch committed. */
    int inARow;

    /** Batches of this lane committed. */
    long commits;
  }

  private final Suspect[] suspects = new Suspect[Lane.values().length];

  Suspects() {
    Arrays.setAll(suspects, unused -> new Suspect());
  }

  private long othersOf(Suspect suspect) {
    return Arrays.stream(suspects).mapToLong(each -> each.commits).sum() - suspect.commits;
  }

  /** The back end has committed this lane up to a number; a stand-in is no sign of health. */
  void committed(Lane lane, long bseq) {
    Suspect suspect = suspects[lane.number()];
    suspect.attempts = 0;
    if (bseq != suspect.givenUp) {
      suspect.commits++;
      suspect.inARow = 0;
    }
  }

  /**
   * Counts an attempt with the lane's first batch, which got there alone.
   *
   * @return whether it is enough.
   */
  boolean inVain(Lane lane, long bseq) {
    Suspect suspect = suspects[lane.number()];
    long others = othersOf(suspect);
    if (suspect.bseq != bseq) {
      suspect.bseq = bseq;
      suspect.attempts = 0;
      suspect.others = others;
      return false;
    }
    if (others == suspect.others) {
      return false;
    }
    suspect.others = others;
    suspect.attempts++;
    if (suspect.attempts < needed(suspect)) {
      return false;
    }
    suspect.attempts = 0;
    suspect.inARow++;
    suspect.givenUp = bseq;
    return true;
  }

  private static int needed(Suspect suspect) {
    return ATTEMPTS << Math.min(suspect.inARow, DOUBLINGS_MAX);
  }

  /** For people: the lane that is held up, or empty. */
  String words() {
    for (Lane lane : Lane.values()) {
      Suspect suspect = suspects[lane.number()];
      if (suspect.attempts > 0) {
        return lane.word()
            + " batch "
            + suspect.bseq
            + " is not taken: "
            + suspect.attempts
            + " of "
            + needed(suspect)
            + " times in vain while others were";
      }
    }
    return "";
  }
}
