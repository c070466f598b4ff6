package io.verge.drivers.dlt645;

import io.verge.driver.BusException;
import io.verge.driver.BusSession;
import io.verge.driver.Readout;
import io.verge.driver.SerialDriver;
import io.verge.drivers.dlt645.Dlt645Reader.Found;
import io.verge.model.PointType;
import io.verge.model.Quality;
import io.verge.model.Sample;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * Energies and electrical quantities. Which edition a meter speaks is learned: 2007 is asked first,
 * 1997 if that stays silent, and what answered is kept.
 */
final class Dlt645Driver implements SerialDriver {
  /** Values of {@link Readout#keep()}, and of a configured edition. */
  static final int EDITION_UNKNOWN = 0;

  static final int EDITION_2007 = 2007;
  static final int EDITION_1997 = 1997;

  /**
   * One item asked for, and the points its values go to.
   *
   * @param di1997 0 where 1997 has none.
   * @param scale the meter's number times 10^scale is in the point's unit.
   */
  private record Ask(long di, int di1997, int scale, List<PointType> points) {}

  private final Dlt645Reader reader;
  private final int configured;
  private final List<Ask> asks;
  private final List<PointType> points;
  private int edition;

  /**
   * @param address 6 bytes, low byte first.
   * @param configured an edition, or unknown: learn it.
   * @param kept the edition learned before, or unknown.
   */
  Dlt645Driver(byte[] address, int wake, boolean threePhase, int configured, int kept) {
    this.reader = new Dlt645Reader(address, wake);
    this.configured = configured;
    this.edition = configured == EDITION_UNKNOWN ? kept : configured;
    this.asks = asks(threePhase);
    this.points = asks.stream().flatMap(ask -> ask.points().stream()).toList();
  }

  private static List<Ask> asks(boolean threePhase) {
    return List.of(
        new Ask(0x00010000, 0x9010, 0, List.of(PointType.counter("energy_import", "kWh", 2))),
        new Ask(0x00020000, 0x9020, 0, List.of(PointType.counter("energy_export", "kWh", 2))),
        threePhase
            ? new Ask(0x0201FF00, 0xB61F, 0, phases("voltage", "V", 1))
            : new Ask(0x02010100, 0xB611, 0, List.of(PointType.gauge("voltage", "V", 1))),
        threePhase
            ? new Ask(0x0202FF00, 0xB62F, 0, phases("current", "A", 3))
            : new Ask(0x02020100, 0xB621, 0, List.of(PointType.gauge("current", "A", 3))),
        new Ask(0x02030000, 0xB630, 3, List.of(PointType.gauge("power", "W", 1))),
        new Ask(0x02060000, 0xB650, 0, List.of(PointType.gauge("factor", "/", 3))),
        new Ask(0x02800002, 0, 0, List.of(PointType.gauge("frequency", "Hz", 2))));
  }

  private static List<PointType> phases(String name, String unit, int decimals) {
    List<PointType> phases = new ArrayList<>();
    for (int phase = 1; phase <= 3; phase++) {
      phases.add(PointType.gauge(name + "_" + phase, unit, decimals));
    }
    return List.copyOf(phases);
  }

  @Override
  public List<PointType> points() {
    return points;
  }

  @Override
  public Readout poll(BusSession bus) throws BusException {
    Gathered gathered = new Gathered(points.size());
    Found first = first(bus);
    if (first instanceof Found.Nothing nothing) {
      return Readout.without(nothing.answer(), points.size());
    }
    boolean is1997 = edition == EDITION_1997;
    for (int i = 0; i < asks.size(); i++) {
      Ask ask = asks.get(i);
      Found found = i == 0 ? first : ask(bus, ask, is1997);
      gathered.take(ask, found, item(ask, is1997));
      if (found instanceof Found.Nothing) {
        gathered.giveUp();
        break;
      }
    }
    return gathered.readout(edition);
  }

  private @Nullable Dlt645Item item(Ask ask, boolean is1997) {
    if (!is1997) {
      return Dlt645Item.of(ask.di());
    }
    // The blocks of 1997 hold what their first item holds.
    return Dlt645Item.of1997((ask.di1997() & 0xF) == 0xF ? ask.di1997() - 0xE : ask.di1997());
  }

  /** The first item, in the edition known or in both. Any answer, a refusal too, tells it. */
  private Found first(BusSession bus) throws BusException {
    Ask ask = asks.get(0);
    boolean is1997 = edition == EDITION_1997;
    Found found = ask(bus, ask, is1997);
    if (found instanceof Found.Nothing
        && configured == EDITION_UNKNOWN
        && edition == EDITION_UNKNOWN) {
      is1997 = true;
      found = ask(bus, ask, true);
    }
    if (found instanceof Found.Nothing) {
      // A meter that was replaced may speak the other edition: with the next poll both are asked.
      edition = configured;
    } else {
      edition = is1997 ? EDITION_1997 : EDITION_2007;
    }
    return found;
  }

  private Found ask(BusSession bus, Ask ask, boolean is1997) throws BusException {
    if (!is1997) {
      return reader.read(bus, ask.di(), false);
    }
    return ask.di1997() == 0 ? new Found.Refused(2) : reader.read(bus, ask.di1997(), true);
  }

  /** What the items of one poll have given so far. */
  private static final class Gathered {
    private final long[] values;
    private final byte[] qualities;
    private final StringJoiner why = new StringJoiner("; ");
    private int filled;

    Gathered(int points) {
      values = new long[points];
      Arrays.fill(values, Sample.NONE);
      qualities = new byte[points];
    }

    void take(Ask ask, Found found, @Nullable Dlt645Item item) {
      String name = ask.points().get(0).name();
      if (found instanceof Found.Refused refused) {
        put(ask, Quality.REFUSED);
        why.add(name + ": " + Dlt645Codec.error(refused.bits()));
      } else if (found instanceof Found.Nothing nothing) {
        Readout failure = Readout.without(nothing.answer(), 0);
        put(ask, failure.quality());
        why.add(name + ": " + failure.why());
      } else if (found instanceof Found.Data data && item != null) {
        for (int i = 0; i < ask.points().size(); i++) {
          put(ask, i, item, data.values());
        }
      }
    }

    private void put(Ask ask, Quality quality) {
      for (int i = 0; i < ask.points().size(); i++) {
        qualities[filled++] = (byte) quality.code();
      }
    }

    private void put(Ask ask, int which, Dlt645Item item, byte[] data) {
      int at = which * item.bytes();
      PointType point = ask.points().get(which);
      BigDecimal value = at + item.bytes() > data.length ? null : item.value(data, at);
      if (value == null) {
        qualities[filled] = (byte) Quality.SUSPECT.code();
        why.add(point.name() + ": no number");
      } else {
        values[filled] =
            value
                .scaleByPowerOfTen(ask.scale() + point.decimals())
                .setScale(0, RoundingMode.HALF_UP)
                .longValueExact();
      }
      filled++;
    }

    /** After silence the rest is not asked: other devices wait. */
    void giveUp() {
      byte last = qualities[filled - 1];
      Arrays.fill(qualities, filled, qualities.length, last);
    }

    Readout readout(int edition) {
      long[] keep = {edition};
      boolean same = true;
      for (byte quality : qualities) {
        same &= quality == qualities[0];
      }
      return same
          ? new Readout(Quality.of(qualities[0]), values, null, why.toString(), keep)
          : new Readout(Quality.SUSPECT, values, qualities, why.toString(), keep);
    }
  }
}
