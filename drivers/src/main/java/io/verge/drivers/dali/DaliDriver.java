package io.verge.drivers.dali;

import io.verge.driver.BusException;
import io.verge.driver.BusSession;
import io.verge.driver.Order;
import io.verge.driver.Readout;
import io.verge.driver.SerialDriver;
import io.verge.drivers.wire.dali.Dali;
import io.verge.drivers.wire.dali.DaliCurve;
import io.verge.drivers.wire.dali.DaliGear;
import io.verge.drivers.wire.dali.DaliMaster;
import io.verge.drivers.wire.dali.DaliMemory;
import io.verge.drivers.wire.dali.DaliMemory.Cell;
import io.verge.drivers.wire.dali.DaliReply;
import io.verge.model.Outcome;
import io.verge.model.PointType;
import io.verge.model.Quality;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One control gear: its status and level, its memory banks, and the orders it takes. */
final class DaliDriver implements SerialDriver {
  /** A backward frame names no sender: all gears behind a master are one party to its bus. */
  private static final Object PARTY = new Object();

  private final DaliMaster master;
  private final int address;
  private final List<Integer> banks;
  private final List<Cell> cells;
  private final List<PointType> points;
  private @Nullable DaliCurve curve;

  /** Per cent last set; several have one level, and this is the one that is meant. */
  private int set = -1;

  /**
   * @param address short address, 0..63.
   * @param curve null: ask the gear.
   * @param banks which of 202..207 to read, in this order.
   */
  DaliDriver(DaliMaster master, int address, @Nullable DaliCurve curve, List<Integer> banks) {
    this.master = master;
    this.address = address;
    this.curve = curve;
    this.banks = List.copyOf(banks);
    this.cells = banks.stream().flatMap(bank -> DaliMemory.cells(bank).stream()).toList();
    this.points = DaliPoints.of(cells);
  }

  @Override
  public Object party() {
    return PARTY;
  }

  @Override
  public List<PointType> points() {
    return points;
  }

  @Override
  public List<String> operations() {
    return DaliOrders.OPERATIONS;
  }

  @Override
  public Readout poll(BusSession bus) throws BusException {
    DaliGear gear = new DaliGear(master, bus, address);
    DaliReply status = gear.command(Dali.QUERY_STATUS);
    if (!status.hasValue()) {
      return Readout.failed(quality(status), points.size(), why(status));
    }
    DaliSample sample = new DaliSample(cells, points);
    sample.status(status.value());
    DaliReply level = gear.command(Dali.QUERY_LEVEL);
    if (!level.hasValue()) {
      sample.without(DaliPoints.LEVEL, DaliPoints.STATUS, quality(level), "level: " + why(level));
    } else if (level.value() == Dali.MASK) {
      sample.without(
          DaliPoints.LEVEL, DaliPoints.STATUS, Quality.SUSPECT, "the gear does not know its level");
    } else {
      sample.level(level.value(), percent(curve(gear), level.value()));
    }
    for (int bank : banks) {
      int last = DaliMemory.cells(bank).stream().mapToInt(Cell::last).max().orElse(0);
      DaliGear.Bank read = gear.bank(bank, last);
      if (read.bytes().length > 0) {
        sample.bank(bank, read.bytes());
      } else if (read.trouble().kind() == DaliReply.Kind.NOTHING) {
        sample.withoutBank(bank, Quality.REFUSED, "the gear has no memory bank " + bank);
      } else {
        sample.withoutBank(bank, quality(read.trouble()), why(read.trouble()));
      }
    }
    return sample.readout();
  }

  /** Asked once; a gear that does not answer is no LED module and has the standard curve. */
  private DaliCurve curve(DaliGear gear) throws BusException {
    DaliCurve known = curve;
    if (known != null) {
      return known;
    }
    DaliReply reply = gear.curve();
    DaliCurve answered =
        reply.hasValue() && reply.value() == 1 ? DaliCurve.LINEAR : DaliCurve.LOGARITHMIC;
    if (reply.hasValue() || reply.kind() == DaliReply.Kind.NOTHING) {
      curve = answered;
    }
    return answered;
  }

  private int percent(DaliCurve known, int level) {
    return set > 0 && known.level(set) == level ? set : known.percent(level);
  }

  /** A step of DALI is 2.8 % of the light: at 50 % the gear shows the level that 51 % has too. */
  @Override
  public long shown(String point, long wanted) {
    DaliCurve known = curve == null ? DaliCurve.LOGARITHMIC : curve;
    return point.equals("level") && wanted > 0 && wanted <= 100
        ? percent(known, known.level((int) wanted))
        : wanted;
  }

  @Override
  public Outcome execute(BusSession bus, Order order) throws BusException {
    if (!operations().contains(order.op())) {
      return SerialDriver.super.execute(bus, order);
    }
    DaliGear gear = new DaliGear(master, bus, address);
    Outcome outcome = DaliOrders.execute(gear, order, curve(gear));
    if (outcome.state() == Outcome.State.DONE) {
      set =
          order.op().equals(DaliOrders.SET_LEVEL) && order.args().get("level") instanceof Long level
              ? level.intValue()
              : -1;
    }
    return outcome;
  }

  static Quality quality(DaliReply reply) {
    return switch (reply.kind()) {
      case NOTHING, LOST -> Quality.TIMEOUT;
      case COLLISION, GARBLED -> Quality.GARBLED;
      case FAULT -> Quality.REFUSED;
      case VALUE -> Quality.GOOD;
    };
  }

  static String why(DaliReply reply) {
    return reply.kind() == DaliReply.Kind.NOTHING ? "the gear does not answer" : reply.why();
  }
}
