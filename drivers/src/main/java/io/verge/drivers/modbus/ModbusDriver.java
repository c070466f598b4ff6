package io.verge.drivers.modbus;

import io.verge.driver.Answer;
import io.verge.driver.BusException;
import io.verge.driver.BusSession;
import io.verge.driver.Order;
import io.verge.driver.Readout;
import io.verge.driver.SerialDriver;
import io.verge.drivers.modbus.RegisterPlan.Place;
import io.verge.drivers.modbus.RegisterPlan.Read;
import io.verge.drivers.modbus.RegisterPlan.Span;
import io.verge.drivers.wire.modbus.ModbusCodec;
import io.verge.drivers.wire.modbus.ModbusFramer;
import io.verge.model.Outcome;
import io.verge.model.PointType;
import io.verge.model.Quality;
import io.verge.model.Sample;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/** Polls a Modbus device by its profile, and sets its level where the profile says how. */
final class ModbusDriver implements SerialDriver {
  static final String SET_LEVEL = "set-level";

  private final int unit;
  private final ModbusProfile profile;
  private final List<PointType> types;
  private final RegisterPlan plan;

  ModbusDriver(int unit, ModbusProfile profile) {
    this.unit = unit;
    this.profile = profile;
    this.types = profile.points().stream().map(RegisterPoint::type).toList();
    List<Span> spans =
        profile.points().stream()
            .map(point -> new Span(point.function(), point.register(), point.as().words()))
            .toList();
    this.plan = RegisterPlan.of(spans, profile.most(), profile.gap());
  }

  @Override
  public List<PointType> points() {
    return types;
  }

  @Override
  public List<String> operations() {
    return profile.levelRegister() < 0 ? List.of() : List.of(SET_LEVEL);
  }

  /**
   * A read the device refuses costs only its own points. After one without a valid answer the rest
   * is not asked: the bus has retried already, and other devices wait.
   */
  @Override
  public Readout poll(BusSession bus) throws BusException {
    Gathered gathered = new Gathered(types.size());
    for (int i = 0; i < plan.reads().size(); i++) {
      Read read = plan.reads().get(i);
      byte[] request = ModbusCodec.read(unit, read.function(), read.register(), read.words());
      Answer answer = bus.transact(request, new ModbusFramer(request));
      if (answer instanceof Answer.Frame frame) {
        take(i, frame.bytes(), gathered);
      } else if (i == 0) {
        return Readout.without(answer, types.size());
      } else {
        Readout failed = Readout.without(answer, types.size());
        for (int rest = i; rest < plan.reads().size(); rest++) {
          gathered.fail(rest, failed.quality());
        }
        gathered.say(failed.why() + " to " + name(read));
        break;
      }
    }
    return gathered.readout();
  }

  private void take(int read, byte[] answer, Gathered gathered) {
    if (answer[1] < 0) {
      gathered.fail(read, Quality.REFUSED);
      gathered.say(ModbusCodec.exception(answer[2] & 0xFF) + " to " + name(plan.reads().get(read)));
      return;
    }
    int[] registers = ModbusCodec.registers(answer);
    for (int i = 0; i < types.size(); i++) {
      Place place = plan.places().get(i);
      if (place.read() == read) {
        long value = profile.points().get(i).value(registers, place.offset());
        gathered.values[i] = value;
        gathered.qualities[i] =
            (byte) (value == Sample.NONE ? Quality.SUSPECT : Quality.GOOD).code();
        if (value == Sample.NONE) {
          gathered.say(types.get(i).name() + " is not a number in range");
        }
      }
    }
  }

  private static String name(Read read) {
    return "function " + read.function() + " of " + read.words() + " at " + read.register();
  }

  @Override
  public Outcome execute(BusSession bus, Order order) throws BusException {
    if (!operations().contains(order.op())) {
      return SerialDriver.super.execute(bus, order);
    }
    if (!(order.args().get("level") instanceof Long level) || level < 0 || level > 100) {
      return Outcome.of(
          Outcome.State.REJECTED,
          "level " + order.args().get("level") + ", expected an integer 0..100");
    }
    int register = profile.levelRegister();
    byte[] write = ModbusCodec.writeRegister(unit, register, level.intValue());
    Answer written = bus.transact(write, new ModbusFramer(write));
    byte[] read = ModbusCodec.read(unit, ModbusCodec.READ_HOLDING, register, 1);
    if (written instanceof Answer.Frame frame && frame.bytes()[1] < 0) {
      return failed("write", frame.bytes());
    }
    // The answer to a write may be lost though the device obeyed: what it holds decides.
    Answer answer = bus.transact(read, new ModbusFramer(read));
    if (!(answer instanceof Answer.Frame frame)) {
      return Outcome.of(Outcome.State.FAILED, Readout.without(answer, 0).why() + " to read back");
    }
    if (frame.bytes()[1] < 0) {
      return failed("read back", frame.bytes());
    }
    long held = ModbusCodec.registers(frame.bytes())[0];
    return held == level
        ? Outcome.done(Map.of("level", level))
        : new Outcome(
            Outcome.State.FAILED,
            "level " + level + " was sent, the device holds " + held,
            Map.of("level", held));
  }

  private static Outcome failed(String what, byte[] exception) {
    return Outcome.of(
        Outcome.State.FAILED, ModbusCodec.exception(exception[2] & 0xFF) + " to the " + what);
  }

  /** What the reads of one poll have given so far. */
  private final class Gathered {
    private final long[] values;
    private final byte[] qualities;
    private final StringJoiner why = new StringJoiner("; ");

    Gathered(int points) {
      values = new long[points];
      Arrays.fill(values, Sample.NONE);
      qualities = new byte[points];
    }

    void fail(int read, Quality quality) {
      for (int i = 0; i < values.length; i++) {
        if (plan.places().get(i).read() == read) {
          qualities[i] = (byte) quality.code();
        }
      }
    }

    void say(String text) {
      why.add(text);
    }

    /**
     * One quality where all points share it; else the sample is suspect and each point has its own.
     */
    Readout readout() {
      boolean same = true;
      for (byte quality : qualities) {
        same &= quality == qualities[0];
      }
      return same
          ? new Readout(Quality.of(qualities[0]), values, null, why.toString(), null)
          : new Readout(Quality.SUSPECT, values, qualities, why.toString(), null);
    }
  }
}
