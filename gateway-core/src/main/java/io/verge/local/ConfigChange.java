package io.verge.local;

/**
 * What somebody wants of the configuration.
 *
 * @param op {@code apply}, {@code confirm} or {@code rollback}.
 * @param who who asks, as the history will tell.
 * @param request id of the command it came by; may be empty.
 * @param toml the new text; empty unless {@code apply}.
 * @param number which version to return to; 0: the one before.
 * @param ifVersion only if this one runs; 0: whichever does.
 * @param withinMs how long the trial may take.
 * @param byHand whether only {@code confirm} ends it well.
 */
public record ConfigChange(
    String op,
    String who,
    String request,
    String toml,
    long number,
    long ifVersion,
    long withinMs,
    boolean byHand) {
  /** How long a new configuration may take to prove itself, if nobody says otherwise. */
  public static final long WITHIN_MS = 300_000;

  public static final long WITHIN_MAX_MS = 86_400_000;
}
