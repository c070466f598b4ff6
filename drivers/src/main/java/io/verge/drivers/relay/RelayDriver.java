package io.verge.drivers.relay;

import io.verge.driver.BusException;
import io.verge.driver.LineDriver;
import io.verge.driver.LineSession;
import io.verge.driver.LineSession.Pull;
import io.verge.driver.Order;
import io.verge.driver.Readout;
import io.verge.model.Outcome;
import io.verge.model.PointKind;
import io.verge.model.PointType;
import io.verge.model.Quality;
import java.util.List;
import java.util.Map;

/**
 * A lamp that is on or off. The line is driven at every poll, so that a chip that was away gets its
 * level back. A lamp nobody has spoken for is on.
 */
final class RelayDriver implements LineDriver {
  static final String SET_LEVEL = "set-level";

  /** The bit the Modbus lamp profile has for it. */
  static final int RELAY_FAILURE = 1 << 1;

  private static final long ON = 100;
  private static final PointType LEVEL = PointType.gauge("level", "%", 0);

  private static final List<PointType> WITH_FEEDBACK =
      List.of(
          LEVEL,
          new PointType("feedback", "", 0, PointKind.STATE, "0 off, 1 on"),
          new PointType("faults", "", 0, PointKind.STATE, "bits: 1 relay failure"));

  /**
   * @param line the relay's.
   * @param activeHigh whether a high level is a lit lamp.
   * @param feedback line of the auxiliary contact, or -1.
   * @param feedbackHigh whether a high level there says that the lamp is lit.
   * @param settleMs from driving to a trustworthy feedback; 1..2000.
   */
  record Wiring(int line, boolean activeHigh, int feedback, boolean feedbackHigh, int settleMs) {}

  private final Wiring wiring;
  private long level;
  private boolean settled;

  /**
   * @param level last commanded, 0 or 100.
   */
  RelayDriver(Wiring wiring, long level) {
    this.wiring = wiring;
    this.level = level;
  }

  @Override
  public List<PointType> points() {
    return wiring.feedback() < 0 ? List.of(LEVEL) : WITH_FEEDBACK;
  }

  @Override
  public List<String> operations() {
    return List.of(SET_LEVEL);
  }

  @Override
  public Readout poll(LineSession lines) throws BusException {
    drive(lines);
    long[] keep = {level};
    if (wiring.feedback() < 0) {
      return new Readout(Quality.GOOD, new long[] {level}, null, "", keep);
    }
    boolean lit = isLit(lines);
    boolean agrees = lit == isOn();
    long[] values = {level, lit ? 1 : 0, agrees ? 0 : RELAY_FAILURE};
    return agrees
        ? new Readout(Quality.GOOD, values, null, "", keep)
        : new Readout(Quality.SUSPECT, values, null, failure(lit), keep);
  }

  @Override
  public Outcome execute(LineSession lines, Order order) throws BusException {
    if (!order.op().equals(SET_LEVEL)) {
      return LineDriver.super.execute(lines, order);
    }
    Object wanted = order.args().get("level");
    if (!(wanted instanceof Long asked) || asked != 0 && asked != ON) {
      return Outcome.of(Outcome.State.REJECTED, "level " + wanted + ", a relay knows 0 and 100");
    }
    settled &= level == asked;
    level = asked;
    drive(lines);
    if (wiring.feedback() >= 0) {
      boolean lit = isLit(lines);
      if (lit != isOn()) {
        return new Outcome(Outcome.State.FAILED, failure(lit), Map.of("level", lit ? ON : 0L));
      }
    }
    return Outcome.done(Map.of("level", level));
  }

  private boolean isOn() {
    return level == ON;
  }

  private void drive(LineSession lines) throws BusException {
    lines.drive(wiring.line(), isOn() == wiring.activeHigh());
    if (!settled && wiring.feedback() >= 0) {
      lines.settle(wiring.settleMs());
    }
    settled = true;
  }

  /** An auxiliary contact is idle at the level its pull gives, which is that of a dark lamp. */
  private boolean isLit(LineSession lines) throws BusException {
    Pull pull = wiring.feedbackHigh() ? Pull.DOWN : Pull.UP;
    return lines.level(wiring.feedback(), pull) == wiring.feedbackHigh();
  }

  private String failure(boolean lit) {
    return "relay failure: commanded "
        + (isOn() ? "on" : "off")
        + ", feedback says "
        + (lit ? "on" : "off");
  }
}
