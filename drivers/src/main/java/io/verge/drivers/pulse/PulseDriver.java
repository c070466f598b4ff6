package io.verge.drivers.pulse;

import io.verge.driver.BusException;
import io.verge.driver.LineDriver;
import io.verge.driver.LineSession;
import io.verge.driver.LineSession.Edge;
import io.verge.driver.LineSession.Pull;
import io.verge.driver.Order;
import io.verge.driver.Readout;
import io.verge.model.Outcome;
import io.verge.model.PointKind;
import io.verge.model.PointType;
import io.verge.model.Quality;
import io.verge.model.Sample;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Volume and flow from the pulses of a water meter. The total is kept with each sample. */
final class PulseDriver implements LineDriver {
  /** A meter without a pulse for so long stands still. */
  private static final long STANDSTILL_MICROS = 3_600_000_000L;

  private static final String SET_TOTAL = "set-total";

  /** Nine digits of cubic metres: no dial has more. */
  private static final long LITRES_MOST = 999_999_999_999L;

  private static final List<PointType> POINTS =
      List.of(
          PointType.counter("volume", "m3", 3),
          PointType.gauge("flow", "m3/h", 3),
          new PointType("status", "", 0, PointKind.STATE, "edges lost since the total began"));

  /**
   * @param line the input's.
   * @param rising whether the rising edge is counted.
   * @param millilitres of one pulse.
   * @param debounceMicros how long a level must last.
   */
  record Wiring(int line, Pull pull, boolean rising, long millilitres, long debounceMicros) {}

  private final Wiring wiring;
  private final boolean forgot;
  private long total;
  private long lost;
  private long lostHere;
  private long flow = Sample.NONE;
  private long started;
  private @Nullable PulseCounter counter;

  /**
   * @param keep millilitres and lost edges as last kept; null: the total begins at 0; of another
   *     length: it was damaged, begins at 0, and the first readout says so.
   */
  PulseDriver(Wiring wiring, long @Nullable [] keep) {
    this.wiring = wiring;
    boolean whole = keep != null && keep.length == 2;
    this.forgot = keep != null && !whole;
    this.total = keep != null && whole ? keep[0] : 0;
    this.lost = keep != null && whole ? keep[1] : 0;
  }

  @Override
  public List<PointType> points() {
    return POINTS;
  }

  @Override
  public Readout poll(LineSession lines) throws BusException {
    boolean first = counter == null;
    PulseCounter pulses = counter == null ? start(lines) : counter;
    // Before the edges: an edge after this moment must not cut short what lasted until it.
    long now = lines.micros();
    List<Edge> edges = lines.edges(wiring.line(), wiring.pull());
    long before = pulses.lastPulse();
    int counted = pulses.count(edges, now);
    total += counted * wiring.millilitres();
    long newly = newlyLost(lines, pulses);
    flow = flow(counted, before, pulses.lastPulse(), now);
    long[] values = {total / 1000, flow, lost};
    long[] keep = {total, lost};
    if (newly > 0) {
      return new Readout(
          Quality.SUSPECT, values, null, newly + " edges lost: the volume is too small", keep);
    }
    return forgot && first
        ? new Readout(
            Quality.SUSPECT, values, null, "the kept total was damaged: it begins at 0", keep)
        : new Readout(Quality.GOOD, values, null, "", keep);
  }

  @Override
  public List<String> operations() {
    return List.of(SET_TOTAL);
  }

  @Override
  public boolean remembers(String op) {
    return op.equals(SET_TOTAL);
  }

  /** {@code set-total}: {@code litres} on the meter's dial now. Lost edges are in it, and over. */
  @Override
  public Outcome execute(LineSession lines, Order order) throws BusException {
    if (!order.op().equals(SET_TOTAL)) {
      return LineDriver.super.execute(lines, order);
    }
    Object given = order.args().get("litres");
    if (!(given instanceof Long litres) || litres < 0 || litres > LITRES_MOST) {
      return Outcome.of(Outcome.State.REJECTED, "litres " + given + ", expected 0.." + LITRES_MOST);
    }
    poll(lines);
    Map<String, Object> details =
        Map.of("litres", litres, "litres_before", total / 1000, "lost_before", lost);
    total = litres * 1000;
    lost = 0;
    return Outcome.done(details);
  }

  private PulseCounter start(LineSession lines) throws BusException {
    boolean level = lines.level(wiring.line(), wiring.pull());
    started = lines.micros();
    counter = new PulseCounter(wiring.debounceMicros(), wiring.rising(), level, started);
    return counter;
  }

  /** The session counts from the claiming of the line on, and anew when the chip was away. */
  private long newlyLost(LineSession lines, PulseCounter pulses) throws BusException {
    long found = lines.lostEdges(wiring.line(), wiring.pull());
    long newly = found < lostHere ? found : found - lostHere;
    lostHere = found;
    lost += newly;
    if (newly > 0) {
      pulses.resume(lines.level(wiring.line(), wiring.pull()), lines.micros());
    }
    return newly;
  }

  /**
   * Between pulses the flow is at most what one more pulse right now would make of it, so it falls
   * until the next, and is 0 after an hour. Unknown until two pulses were seen.
   *
   * @return litres per hour, which are thousandths of m3/h.
   */
  private long flow(int counted, long before, long last, long now) {
    if (counted > 0 && before >= 0 && last > before) {
      return perHour(counted, last - before);
    }
    long quiet = now - (last < 0 ? started : last);
    if (quiet >= STANDSTILL_MICROS) {
      return 0;
    }
    return last < 0 || flow == Sample.NONE || quiet <= 0 ? flow : Math.min(flow, perHour(1, quiet));
  }

  private long perHour(long pulses, long micros) {
    return pulses * wiring.millilitres() * (STANDSTILL_MICROS / 1000) / micros;
  }
}
