package io.verge.drivers.cjt188;

import io.verge.bytes.Decoded;
import io.verge.bytes.Hex;
import io.verge.driver.Answer;
import io.verge.driver.BusException;
import io.verge.driver.BusSession;
import io.verge.driver.Order;
import io.verge.driver.Readout;
import io.verge.driver.SerialDriver;
import io.verge.drivers.cjt188.Cjt188Reading.Amount;
import io.verge.drivers.wire.meter.MeterFrame;
import io.verge.model.Outcome;
import io.verge.model.PointKind;
import io.verge.model.PointType;
import io.verge.model.Quality;
import io.verge.model.Sample;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Total of a water meter, its valve and battery. The order of the DI's bytes is learned: the first
 * one answered is kept; while the meter is silent, the other is tried at every second poll.
 */
final class Cjt188Driver implements SerialDriver {
  static final String SET_VALVE = "set-valve";

  /** Values of {@link Readout#keep()}, and of a configured order. */
  static final long ORDER_UNKNOWN = 0;

  static final long ORDER_HIGH_FIRST = 1;
  static final long ORDER_LOW_FIRST = 2;

  private static final int DECIMALS = 3;

  private static final List<PointType> POINTS =
      List.of(
          PointType.counter("volume", "m3", DECIMALS),
          PointType.counter("volume_settled", "m3", DECIMALS),
          new PointType("valve", "", 0, PointKind.STATE, "0 open, 1 closed, 3 abnormal"),
          new PointType("battery_low", "", 0, PointKind.STATE, "0 good, 1 low"),
          new PointType("status", "", 0, PointKind.STATE, "ST0 * 256 + ST1 of CJ/T 188"));

  /**
   * What the configuration says of a meter.
   *
   * @param address 7 bytes, low byte first.
   * @param valveControl control code of a valve command; 04, or a maker's own.
   * @param mirrored see {@link Cjt188Status}.
   */
  record Meter(
      int type, byte[] address, int wake, int valveControl, boolean mirrored, long order) {}

  private final Meter meter;
  private long order;
  private boolean failed;
  private int ser;

  /**
   * @param kept the order of the DI learned before, or unknown.
   */
  Cjt188Driver(Meter meter, long kept) {
    this.meter = meter;
    this.order = meter.order() == ORDER_UNKNOWN ? kept : meter.order();
  }

  @Override
  public List<PointType> points() {
    return POINTS;
  }

  @Override
  public List<String> operations() {
    return List.of(SET_VALVE);
  }

  @Override
  public Readout poll(BusSession bus) throws BusException {
    Answer answer = read(bus);
    if (!(answer instanceof Answer.Frame whole)) {
      return Readout.without(answer, POINTS.size());
    }
    Cjt188Frame frame = Cjt188Codec.frame(whole.bytes()).orThrow();
    if (frame.isRefusal()) {
      return Readout.failed(
          Quality.REFUSED, POINTS.size(), "meter refuses: " + Hex.spaced(frame.data()));
    }
    return Cjt188Reading.of(frame.data()) instanceof Decoded.Valid<Cjt188Reading> valid
        ? readout(valid.value())
        : doubtful((Decoded.Invalid<Cjt188Reading>) Cjt188Reading.of(frame.data()));
  }

  /** Asks in the order known, or in both; a refusal may be one of the order only. */
  private Answer read(BusSession bus) throws BusException {
    boolean isFixed = meter.order() != ORDER_UNKNOWN;
    long first = order == ORDER_LOW_FIRST ? ORDER_LOW_FIRST : ORDER_HIGH_FIRST;
    if (!isFixed && order != ORDER_UNKNOWN && failed) {
      failed = false;
      first = other(first);
    }
    Answer answer = read(bus, first);
    if (!isAnswered(answer) && !isFixed && order == ORDER_UNKNOWN) {
      first = other(first);
      Answer second = read(bus, first);
      answer =
          second instanceof Answer.Frame || !(answer instanceof Answer.Frame) ? second : answer;
    }
    if (isAnswered(answer)) {
      order = first;
      failed = false;
    } else if (order == first) {
      failed = true;
    }
    return answer;
  }

  private Answer read(BusSession bus, long tried) throws BusException {
    return ask(bus, Cjt188Codec.READ, Cjt188Codec.DI_METER, tried);
  }

  private static long other(long order) {
    return order == ORDER_HIGH_FIRST ? ORDER_LOW_FIRST : ORDER_HIGH_FIRST;
  }

  private static boolean isAnswered(Answer answer) {
    return answer instanceof Answer.Frame frame
        && !Cjt188Codec.frame(frame.bytes()).orThrow().isRefusal();
  }

  private Answer ask(BusSession bus, int control, int di, long tried, int... more)
      throws BusException {
    byte[] data = Cjt188Codec.data(di, tried == ORDER_HIGH_FIRST, nextSer(), more);
    byte[] request =
        Cjt188Codec.request(meter.type(), meter.address(), control, data, meter.wake());
    return bus.transact(request, new Cjt188Framer(request, meter.wake()));
  }

  /** AA stands for any SER in answers, so it is never asked with. */
  private int nextSer() {
    ser = ser + 1 & 0xFF;
    ser += ser == MeterFrame.ANY ? 1 : 0;
    return ser;
  }

  private Readout readout(Cjt188Reading reading) {
    Cjt188Status status = reading.status();
    long[] values = {
      volume(reading.total()),
      volume(reading.settled()),
      status == null ? Sample.NONE : status.valve(meter.mirrored()),
      status == null ? Sample.NONE : status.batteryLow(meter.mirrored()) ? 1 : 0,
      status == null ? Sample.NONE : status.first() << 8 | status.second()
    };
    if (values[0] == Sample.NONE) {
      return new Readout(Quality.SUSPECT, values, null, "no volume: " + reading.total(), keep());
    }
    return status != null && status.valve(meter.mirrored()) == Cjt188Status.ABNORMAL
        ? new Readout(Quality.SUSPECT, values, null, "meter says: valve abnormal", keep())
        : new Readout(Quality.GOOD, values, null, "", keep());
  }

  private Readout doubtful(Decoded.Invalid<Cjt188Reading> invalid) {
    Readout failure = Readout.failed(Quality.SUSPECT, POINTS.size(), invalid.reason());
    return new Readout(Quality.SUSPECT, failure.values(), null, failure.why(), keep());
  }

  private long[] keep() {
    return new long[] {order};
  }

  private static long volume(@Nullable Amount amount) {
    if (amount == null || !amount.unit().quantity().equals("volume")) {
      return Sample.NONE;
    }
    int litres = amount.unit().name().equals("l") ? -3 : 0;
    return amount
        .value()
        .scaleByPowerOfTen(DECIMALS + litres)
        .setScale(0, RoundingMode.HALF_UP)
        .longValueExact();
  }

  @Override
  public Outcome execute(BusSession bus, Order ordered) throws BusException {
    if (!ordered.op().equals(SET_VALVE)) {
      return SerialDriver.super.execute(bus, ordered);
    }
    Object position = ordered.args().get("position");
    boolean open = "open".equals(position);
    if (!open && !"closed".equals(position)) {
      return Outcome.of(
          Outcome.State.REJECTED, "position " + position + ", expected open or closed");
    }
    if (order == ORDER_UNKNOWN && !isAnswered(read(bus))) {
      return Outcome.of(Outcome.State.FAILED, "the meter does not answer");
    }
    Answer answer =
        ask(
            bus,
            meter.valveControl(),
            Cjt188Codec.DI_VALVE,
            order,
            open ? Cjt188Codec.VALVE_OPEN : Cjt188Codec.VALVE_CLOSE);
    if (answer instanceof Answer.Frame whole) {
      Cjt188Frame frame = Cjt188Codec.frame(whole.bytes()).orThrow();
      if (frame.isRefusal()) {
        return Outcome.of(Outcome.State.FAILED, "meter refuses: " + Hex.spaced(frame.data()));
      }
    }
    return readBack(bus, open ? Cjt188Status.OPEN : Cjt188Status.CLOSED);
  }

  /** What was answered to the command counts less than what the meter says afterwards. */
  private Outcome readBack(BusSession bus, int wanted) throws BusException {
    Readout found = poll(bus);
    long valve = found.values()[2];
    if (valve == Sample.NONE) {
      return Outcome.of(Outcome.State.FAILED, "not read back: " + found.why());
    }
    String word = Cjt188Status.word((int) valve);
    return valve == wanted
        ? Outcome.done(Map.of("position", word))
        : new Outcome(
            Outcome.State.FAILED,
            "the valve is " + word + " so far: it may need a minute, read again",
            Map.of("position", word));
  }
}
