package io.verge.simulator.backend;

/**
 * How bad a virtual link is.
 *
 * @param latencyNanos one way.
 * @param jitterNanos added at random, one way.
 * @param lossPerMille messages lost on the way up without the link going down.
 * @param ackLossPerMille messages lost on the way down.
 * @param dropPerMille messages whose sending ends the connection.
 * @param forgetPerMille messages that the broker acks and forgets.
 */
public record LinkPlan(
    long latencyNanos,
    long jitterNanos,
    int lossPerMille,
    int ackLossPerMille,
    int dropPerMille,
    int forgetPerMille) {
  /** A mobile link on a good day: 60 to 100 ms one way, nothing lost. */
  public static final LinkPlan GOOD = new LinkPlan(60_000_000, 40_000_000, 0, 0, 0, 0);

  /** The same, with two in a hundred lost either way and a break every two hundred messages. */
  public static final LinkPlan BAD = new LinkPlan(60_000_000, 400_000_000, 20, 20, 5, 0);
}
