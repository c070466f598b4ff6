package io.verge.drivers.dimmer;

import io.verge.driver.BusException;
import io.verge.driver.LineDriver;
import io.verge.driver.LineSession;
import io.verge.driver.Order;
import io.verge.driver.Readout;
import io.verge.model.Outcome;
import io.verge.model.PointType;
import io.verge.model.Quality;
import java.util.List;
import java.util.Map;

/**
 * A lamp whose driver takes 0 to 10 V. The channel is written at every poll, so that a chip that
 * was away gets its level back. A lamp nobody has spoken for is fully on.
 */
final class DimmerDriver implements LineDriver {
  private static final long LEVEL_MOST = 100;
  private static final long SECOND_NANOS = 1_000_000_000L;

  private static final List<PointType> POINTS =
      List.of(PointType.gauge("level", "%", 0), PointType.gauge("duty", "%", 1));

  /**
   * @param hertz of the PWM.
   * @param inverted whether more duty is less voltage, as behind an optocoupler.
   */
  record Wiring(int channel, long hertz, boolean inverted, Curve curve) {}

  private final Wiring wiring;
  private long level;

  /**
   * @param level last commanded, 0..100.
   */
  DimmerDriver(Wiring wiring, long level) {
    this.wiring = wiring;
    this.level = level;
  }

  @Override
  public List<PointType> points() {
    return POINTS;
  }

  @Override
  public List<String> operations() {
    return List.of("set-level");
  }

  @Override
  public Readout poll(LineSession lines) throws BusException {
    int duty = drive(lines);
    return new Readout(Quality.GOOD, new long[] {level, duty}, null, "", new long[] {level});
  }

  @Override
  public Outcome execute(LineSession lines, Order order) throws BusException {
    if (!order.op().equals("set-level")) {
      return LineDriver.super.execute(lines, order);
    }
    Object wanted = order.args().get("level");
    if (!(wanted instanceof Long asked) || asked < 0 || asked > LEVEL_MOST) {
      return Outcome.of(Outcome.State.REJECTED, "level " + wanted + ", expected 0..100");
    }
    level = asked;
    drive(lines);
    return Outcome.done(Map.of("level", level));
  }

  /** Returns the duty in thousandths. */
  private int drive(LineSession lines) throws BusException {
    int lit = wiring.curve().duty((int) level);
    int duty = wiring.inverted() ? Curve.WHOLE - lit : lit;
    long period = SECOND_NANOS / wiring.hertz();
    lines.modulate(wiring.channel(), period, period * duty / Curve.WHOLE);
    return duty;
  }
}
