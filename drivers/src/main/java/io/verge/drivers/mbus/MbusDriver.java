package io.verge.drivers.mbus;

import io.verge.bytes.Decoded;
import io.verge.driver.Answer;
import io.verge.driver.BusException;
import io.verge.driver.BusSession;
import io.verge.driver.Readout;
import io.verge.driver.SerialDriver;
import io.verge.drivers.wire.mbus.MbusCodec;
import io.verge.drivers.wire.mbus.MbusFrame;
import io.verge.drivers.wire.mbus.MbusFramer;
import io.verge.drivers.wire.mbus.MbusNames;
import io.verge.drivers.wire.mbus.MbusRecord;
import io.verge.drivers.wire.mbus.MbusRecords;
import io.verge.drivers.wire.mbus.MbusTelegram;
import io.verge.model.PointKind;
import io.verge.model.PointType;
import io.verge.model.Quality;
import io.verge.model.Sample;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Volume and flow of a water meter. The link is reset before the first request and after anything
 * that went wrong; in between, the frame count bit toggles after each good answer, so that a retry
 * by the bus gets the same telegram again.
 */
final class MbusDriver implements SerialDriver {
  static final int DECIMALS = 3;

  /** Meters with more telegrams than this are given up on; the longest known has 4. */
  private static final int TELEGRAMS_MAX = 8;

  /** Status bits 0-1: the meter's application could not do all it should. */
  private static final int APPLICATION_ERROR = 2;

  /** Status bits 3 and 4: permanent and temporary error. */
  private static final int DEVICE_ERROR = 0x18;

  private static final List<PointType> POINTS =
      List.of(
          PointType.counter("volume", "m3", DECIMALS),
          PointType.gauge("flow", "m3/h", DECIMALS),
          new PointType(
              "status",
              "",
              0,
              PointKind.STATE,
              "EN 13757-3 status: bits 0-1 busy or error, 2 power low, 3 permanent error,"
                  + " 4 temporary error, 5-7 vendor"));

  private final int address;
  private final byte @Nullable [] secondary;
  private boolean linked;
  private boolean countBit;

  /**
   * @param address primary address, 0..250; not used with a secondary one.
   * @param secondary 8 bytes as on the wire, or null.
   */
  MbusDriver(int address, byte @Nullable [] secondary) {
    this.address = secondary == null ? address : MbusCodec.ADDRESS_SELECTED;
    this.secondary = secondary;
  }

  @Override
  public List<PointType> points() {
    return POINTS;
  }

  @Override
  public Readout poll(BusSession bus) throws BusException {
    Readout failure = link(bus);
    Found found = new Found();
    for (int i = 0; failure == null && found.wantsMore() && i < TELEGRAMS_MAX; i++) {
      failure = telegram(bus, found);
    }
    // What was not read would come as the answer to the next request: a reset begins anew.
    linked = failure == null && !found.unread;
    return failure == null ? found.readout() : failure;
  }

  /**
   * A meter chosen by its secondary address forgets it when another is chosen: select each time.
   */
  private @Nullable Readout link(BusSession bus) throws BusException {
    if (linked && secondary == null) {
      return null;
    }
    byte[] frame;
    if (secondary == null) {
      frame = MbusCodec.shortFrame(MbusCodec.SND_NKE, address);
    } else {
      bus.send(MbusCodec.shortFrame(MbusCodec.SND_NKE, MbusCodec.ADDRESS_SELECTED));
      frame = MbusCodec.select(secondary);
    }
    Answer answer = bus.transact(frame, MbusFramer.ACK);
    countBit = true;
    return answer instanceof Answer.Frame ? null : Readout.without(answer, POINTS.size());
  }

  private @Nullable Readout telegram(BusSession bus, Found found) throws BusException {
    int control = MbusCodec.REQ_UD2 | (countBit ? MbusCodec.FCB : 0);
    Answer answer = bus.transact(MbusCodec.shortFrame(control, address), new MbusFramer(address));
    if (!(answer instanceof Answer.Frame whole)) {
      return Readout.without(answer, POINTS.size());
    }
    countBit = !countBit;
    byte[] bytes = whole.bytes();
    MbusFrame frame = MbusCodec.frame(bytes).orThrow();
    if (frame.ci() == MbusCodec.CI_ERROR) {
      int code = frame.from() == frame.to() ? 0 : bytes[frame.from()] & 0xFF;
      return Readout.failed(Quality.REFUSED, POINTS.size(), MbusNames.error(code));
    }
    if (!isSelected(bytes, frame)) {
      return Readout.failed(
          Quality.GARBLED,
          POINTS.size(),
          "another meter answers: number " + MbusDecoder.lowFirst(bytes, frame.from(), 4));
    }
    if (frame.ci() == MbusCodec.CI_FIXED) {
      return fixed(bytes, frame, found);
    }
    if (!MbusRecords.isTelegram(frame)) {
      return Readout.failed(
          Quality.REFUSED,
          POINTS.size(),
          String.format("answer with CI %02X, only 72, 73, 78 and 7A are understood", frame.ci()));
    }
    return variable(bytes, frame, found);
  }

  private static @Nullable Readout fixed(byte[] bytes, MbusFrame frame, Found found) {
    Decoded<MbusFixed> decoded = MbusFixed.of(bytes, frame);
    if (decoded instanceof Decoded.Valid<MbusFixed> valid) {
      found.take(valid.value());
      return null;
    }
    return garbled((Decoded.Invalid<?>) decoded);
  }

  private static Readout garbled(Decoded.Invalid<?> invalid) {
    return Readout.failed(
        Quality.GARBLED, POINTS.size(), invalid.reason() + " at byte " + invalid.offset());
  }

  private static @Nullable Readout variable(byte[] bytes, MbusFrame frame, Found found) {
    Decoded<MbusTelegram> decoded = MbusRecords.telegram(bytes, frame);
    if (!(decoded instanceof Decoded.Valid<MbusTelegram> valid)) {
      return garbled((Decoded.Invalid<?>) decoded);
    }
    if (valid.value().encrypted()) {
      return Readout.failed(Quality.REFUSED, POINTS.size(), "the meter's records are encrypted");
    }
    found.take(valid.value());
    return null;
  }

  /**
   * Whoever is selected answers at 253 and from its own primary address, so a late answer of
   * another meter shows in the header only; the fixed structure's tells the number, shorter headers
   * nothing.
   */
  private boolean isSelected(byte[] bytes, MbusFrame frame) {
    byte[] wanted = secondary;
    int told = frame.ci() == MbusCodec.CI_VARIABLE ? 8 : frame.ci() == MbusCodec.CI_FIXED ? 4 : 0;
    if (wanted == null || frame.to() - frame.from() < told) {
      return true;
    }
    for (int i = 0; i < told; i++) {
      byte found = bytes[frame.from() + i];
      for (int part : i < 4 ? new int[] {0x0F, 0xF0} : new int[] {0xFF}) {
        if ((wanted[i] & part) != part && (wanted[i] & part) != (found & part)) {
          return false;
        }
      }
    }
    return true;
  }

  /** What the telegrams of one poll have given so far. */
  private static final class Found {
    private long volume = Sample.NONE;
    private long flow = Sample.NONE;
    private int status;
    private int records;
    private boolean unread = true;
    private boolean dueDate;
    private final Map<String, String> identity = new TreeMap<>();

    void take(MbusTelegram telegram) {
      for (MbusRecord one : telegram.records()) {
        volume = volume == Sample.NONE ? value(one, "volume") : volume;
        flow = flow == Sample.NONE ? value(one, "volume flow") : flow;
      }
      records += telegram.records().size();
      status |= telegram.header().status();
      identify(telegram.header());
      unread = telegram.more();
    }

    /** The second counter, where it is historic, has a unit of its own and is passed over. */
    void take(MbusFixed fixed) {
      dueDate = fixed.isOfDueDate();
      for (MbusFixed.Counter counter : fixed.counters()) {
        if (!dueDate) {
          volume = volume == Sample.NONE ? scaled(counter.volume()) : volume;
          flow = flow == Sample.NONE ? scaled(counter.flow()) : flow;
        }
      }
      records += fixed.counters().size();
      status |= fixed.commonStatus();
      identity.put("number", fixed.id());
      identity.put("medium", fixed.mediumName());
      unread = false;
    }

    /** A shorter header says nothing of the meter. */
    private void identify(MbusTelegram.Header header) {
      if (!header.id().isEmpty()) {
        identity.put("number", header.id());
        identity.put("manufacturer", header.manufacturer());
        identity.put("version", Integer.toString(header.version()));
        identity.put("medium", MbusNames.medium(header.medium()));
      }
    }

    boolean wantsMore() {
      return unread && (volume == Sample.NONE || flow == Sample.NONE);
    }

    private static long value(MbusRecord one, String quantity) {
      BigDecimal number = one.number();
      if (!one.isPresent()
          || one.meaning().qualified()
          || !one.meaning().quantity().equals(quantity)) {
        return Sample.NONE;
      }
      return scaled(number);
    }

    private static long scaled(@Nullable BigDecimal number) {
      if (number == null) {
        return Sample.NONE;
      }
      BigDecimal whole = number.scaleByPowerOfTen(DECIMALS).setScale(0, RoundingMode.HALF_UP);
      return whole.precision() > 18 ? Sample.NONE : whole.longValueExact();
    }

    Readout readout() {
      return values().of(identity);
    }

    private Readout values() {
      long[] values = {volume, flow, status};
      if (volume == Sample.NONE) {
        return new Readout(
            Quality.SUSPECT,
            values,
            null,
            dueDate
                ? "the counters are those of the due date, not of now"
                : "no volume in " + records + " records",
            null);
      }
      return (status & 3) != APPLICATION_ERROR && (status & DEVICE_ERROR) == 0
          ? Readout.good(values)
          : new Readout(
              Quality.SUSPECT, values, null, "meter says: " + MbusNames.status(status), null);
    }
  }
}
