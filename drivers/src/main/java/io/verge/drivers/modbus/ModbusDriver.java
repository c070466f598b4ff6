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
import org.jspecify.annotations.Nullable;

/** Polls a Modbus device by its profile, and sets what the profile says how to set. */
final class ModbusDriver implements SerialDriver {
  /** Channels of one device answer each other's questions alike. */
  private record Unit(int address) {}

  private final int unit;
  private final ModbusProfile profile;
  private final List<PointType> types;
  private final RegisterPlan plan;

  ModbusDriver(int unit, ModbusProfile profile) {
    this.unit = unit;
    this.profile = profile;
    this.types = profile.points().stream().map(MapPoint::type).toList();
    List<Span> spans =
        profile.points().stream()
            .map(point -> new Span(point.function(), point.register(), point.words()))
            .toList();
    this.plan = RegisterPlan.of(spans, profile.limits());
  }

  @Override
  public List<PointType> points() {
    return types;
  }

  @Override
  public List<String> operations() {
    return profile.settings().stream().map(Setting::name).toList();
  }

  @Override
  public Object party() {
    return new Unit(unit);
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
    int[] cells =
        ModbusCodec.isOfBits(answer[1]) ? ModbusCodec.bits(answer) : ModbusCodec.registers(answer);
    for (int i = 0; i < types.size(); i++) {
      Place place = plan.places().get(i);
      if (place.read() == read) {
        long value = profile.points().get(i).value(cells, place.offset());
        gathered.values[i] = value;
        gathered.qualities[i] =
            (byte) (value == Sample.NONE ? Quality.SUSPECT : Quality.GOOD).code();
        if (value == Sample.NONE) {
          gathered.say(profile.points().get(i).none(cells, place.offset()));
        }
      }
    }
  }

  private static String name(Read read) {
    return "function " + read.function() + " of " + read.words() + " at " + read.register();
  }

  @Override
  public Outcome execute(BusSession bus, Order order) throws BusException {
    for (Setting setting : profile.settings()) {
      if (setting.name().equals(order.op())) {
        return set(bus, setting, order.args().get(setting.point().name()));
      }
    }
    return SerialDriver.super.execute(bus, order);
  }

  private Outcome set(BusSession bus, Setting setting, @Nullable Object wanted)
      throws BusException {
    String point = setting.point().name();
    if (!(wanted instanceof Long value) || !setting.takes(value)) {
      return Outcome.of(
          Outcome.State.REJECTED, point + " " + wanted + ", expected " + setting.expected());
    }
    byte[] write = setting.write(unit, value);
    Answer written = bus.transact(write, new ModbusFramer(write));
    if (written instanceof Answer.Frame frame && frame.bytes()[1] < 0) {
      return failed("write", frame.bytes());
    }
    // The answer to a write may be lost though the device obeyed: what it holds decides.
    byte[] read = setting.read(unit);
    Answer answer = bus.transact(read, new ModbusFramer(read));
    if (!(answer instanceof Answer.Frame frame)) {
      return Outcome.of(Outcome.State.FAILED, Readout.without(answer, 0).why() + " to read back");
    }
    if (frame.bytes()[1] < 0) {
      return failed("read back", frame.bytes());
    }
    long held = setting.held(frame.bytes());
    return held == value
        ? Outcome.done(Map.of(point, value))
        : new Outcome(
            Outcome.State.FAILED,
            point + " " + value + " was sent, the device holds " + held,
            Map.of(point, held));
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
