package io.verge.simulator.gpio;

import java.util.Random;

/**
 * A lamp behind a relay, wired as in hardware-notes/gpio-relay.md: to the normally closed contact,
 * with an auxiliary contact that connects the feedback line to ground while the lamp is lit.
 */
public final class SimulatedRelay {
  /** What is wrong with it. */
  public enum Fault {
    NONE,
    /** The armature stays where it is. */
    STUCK,
    /** The lamp's contact is closed for ever. */
    WELDED
  }

  /**
   * @param coil line of the coil's driver.
   * @param pullsInOnHigh whether a high level pulls the armature in; a floating line never does.
   * @param feedback line of the auxiliary contact.
   * @param operateNanos from the coil's change to the contact's.
   * @param bounceNanos until the contact rests.
   */
  public record Wiring(
      int coil, boolean pullsInOnHigh, int feedback, long operateNanos, long bounceNanos) {}

  private final Wiring wiring;
  private final LineBoard board;
  private final Contact contact;
  private boolean pulledIn;
  private boolean lit;
  private Fault fault = Fault.NONE;
  private long moves;

  public SimulatedRelay(LineBoard board, Wiring wiring, long seed) {
    this.board = board;
    this.wiring = wiring;
    this.contact = new Contact(board, wiring.feedback(), wiring.bounceNanos(), new Random(seed));
    this.lit = true;
    contact.move(true);
    board.listen(wiring.coil(), this::driven);
  }

  private void driven(LineBoard.Drive drive) {
    boolean pulls = drive == (wiring.pullsInOnHigh() ? LineBoard.Drive.HIGH : LineBoard.Drive.LOW);
    if (pulls != pulledIn) {
      pulledIn = pulls;
      board.at(board.nanos() + wiring.operateNanos(), this::settle);
    }
  }

  /** The armature follows the coil, if it can. */
  private void settle() {
    boolean next = fault == Fault.STUCK ? lit : fault == Fault.WELDED || !pulledIn;
    if (next != lit) {
      lit = next;
      moves++;
      contact.move(lit);
    }
  }

  public void fault(Fault next) {
    synchronized (board) {
      board.catchUp();
      fault = next;
      settle();
    }
  }

  public boolean isLit() {
    synchronized (board) {
      board.catchUp();
      return lit;
    }
  }

  /** How often the lamp's contact has moved. */
  public long moves() {
    synchronized (board) {
      board.catchUp();
      return moves;
    }
  }
}
