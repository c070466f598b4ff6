package io.verge.store;

import io.verge.bytes.ByteReader;
import io.verge.bytes.ByteWriter;
import io.verge.bytes.Decoded;
import io.verge.model.Event;
import io.verge.model.Quality;
import io.verge.model.Sample;
import io.verge.model.Stamp;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A journal row by columns, so that what hardly changes from sample to sample deflates to almost
 * nothing. Nothing is rounded.
 *
 * <pre>
 * samples, events (counts)
 * of all samples, one after the other:
 *   device    difference to the one before
 *   points    difference to the one before
 *   stamp     boot, then mono_ms, each as the difference to the one before
 *   clock     0: as before; 1: no UTC; 2: utc - mono (difference), unc_ms
 *   quality   a byte
 *   flag      1: every point has a quality of its own
 *   these qualities, where flagged
 *   values    0: none; 1: the value follows; else the difference to the last value, zigzag, + 2.
 *             The last value of the same device and point; of the sample before for a device's first
 * events: stamp, kind, severity, device + 1, details as CBOR
 * </pre>
 */
final class RowColumns {
  /** Rows are bounded by the inbox; this bounds what a damaged count may ask for. */
  private static final int COUNT_MAX = 1 << 20;

  private static final int CLOCK_SAME = 0;
  private static final int CLOCK_NONE = 1;
  private static final int CLOCK_NEW = 2;
  private static final int VALUE_NONE = 0;
  private static final int VALUE_WHOLE = 1;
  private static final int VALUE_DIFFERENCE = 2;

  private RowColumns() {}

  static byte[] encode(JournalRow row) {
    List<Sample> samples = row.samples();
    ByteWriter out = new ByteWriter(64 + samples.size() * 12);
    out.varint(samples.size()).varint(row.events().size());
    long before = 0;
    for (Sample sample : samples) {
      out.zigzag(sample.device() - before);
      before = sample.device();
    }
    before = 0;
    for (Sample sample : samples) {
      out.zigzag(sample.values().length - before);
      before = sample.values().length;
    }
    writeStamps(out, samples);
    for (Sample sample : samples) {
      out.u8(sample.quality().code());
    }
    for (Sample sample : samples) {
      out.u8(sample.pointQuality() == null ? 0 : 1);
    }
    for (Sample sample : samples) {
      byte[] perPoint = sample.pointQuality();
      if (perPoint != null) {
        out.raw(perPoint);
      }
    }
    Lasts lasts = new Lasts();
    for (Sample sample : samples) {
      writeValues(out, sample.values(), lasts.of(sample.device(), sample.values().length));
    }
    Clock clock = new Clock();
    for (Event event : row.events()) {
      out.zigzag(event.stamp().boot()).zigzag(event.stamp().monoMs());
      clock.write(out, event.stamp());
      RowEvents.write(out, event);
    }
    return out.toBytes();
  }

  private static void writeStamps(ByteWriter out, List<Sample> samples) {
    long before = 0;
    for (Sample sample : samples) {
      out.zigzag(sample.stamp().boot() - before);
      before = sample.stamp().boot();
    }
    before = 0;
    for (Sample sample : samples) {
      out.zigzag(sample.stamp().monoMs() - before);
      before = sample.stamp().monoMs();
    }
    Clock clock = new Clock();
    for (Sample sample : samples) {
      clock.write(out, sample.stamp());
    }
  }

  private static void writeValues(ByteWriter out, long[] values, long[] lasts) {
    for (int p = 0; p < values.length; p++) {
      if (values[p] == Sample.NONE) {
        out.varint(VALUE_NONE);
        continue;
      }
      long difference = values[p] - lasts[p];
      long zigzag = difference << 1 ^ difference >> 63;
      if (zigzag < 0) {
        out.varint(VALUE_WHOLE).zigzag(values[p]);
      } else {
        out.varint(zigzag + VALUE_DIFFERENCE);
      }
      lasts[p] = values[p];
    }
  }

  static Decoded<JournalRow> decode(byte[] columns) {
    ByteReader in = new ByteReader(columns, 0, columns.length);
    int count = in.count(COUNT_MAX);
    int eventCount = in.count(COUNT_MAX);
    int[] devices = differences(in, count);
    int[] points = differences(in, count);
    Stamp[] stamps = stamps(in, count);
    byte[] qualities = in.raw(count);
    byte[] flags = in.raw(count);
    byte[][] perPoint = new byte[count][];
    for (int i = 0; i < count && in.isOk(); i++) {
      perPoint[i] = flags[i] == 0 ? null : in.raw(points[i]);
    }
    Lasts lasts = new Lasts();
    List<Sample> samples = new ArrayList<>(count);
    for (int i = 0; i < count && in.isOk(); i++) {
      long[] values = readValues(in, points[i], lasts, devices[i]);
      samples.add(
          new Sample(
              devices[i],
              stamps[i],
              Quality.of(qualities[i]),
              values,
              in.isOk() ? perPoint[i] : null));
    }
    List<Event> events = new ArrayList<>(eventCount);
    Clock clock = new Clock();
    for (int i = 0; i < eventCount && in.isOk(); i++) {
      long boot = in.zigzag();
      events.add(RowEvents.read(in, clock.read(in, boot, in.zigzag())));
    }
    return in.isAtEnd() ? Decoded.valid(new JournalRow(samples, events)) : in.invalid();
  }

  private static int[] differences(ByteReader in, int count) {
    int[] values = new int[count];
    long before = 0;
    for (int i = 0; i < count && in.isOk(); i++) {
      before += in.zigzag();
      values[i] = (int) before;
    }
    return values;
  }

  private static Stamp[] stamps(ByteReader in, int count) {
    long[] boots = longs(in, count);
    long[] monos = longs(in, count);
    Stamp[] stamps = new Stamp[count];
    Clock clock = new Clock();
    for (int i = 0; i < count; i++) {
      stamps[i] = clock.read(in, boots[i], monos[i]);
    }
    return stamps;
  }

  private static long[] longs(ByteReader in, int count) {
    long[] values = new long[count];
    long before = 0;
    for (int i = 0; i < count && in.isOk(); i++) {
      before += in.zigzag();
      values[i] = before;
    }
    return values;
  }

  private static long[] readValues(ByteReader in, int points, Lasts before, int device) {
    if (!in.holds(points)) {
      return new long[0];
    }
    long[] lasts = before.of(device, points);
    long[] values = new long[points];
    for (int p = 0; p < points; p++) {
      long coded = in.varint();
      if (coded == VALUE_NONE) {
        values[p] = Sample.NONE;
        continue;
      }
      long zigzag = coded - VALUE_DIFFERENCE;
      values[p] = coded == VALUE_WHOLE ? in.zigzag() : lasts[p] + (zigzag >>> 1 ^ -(zigzag & 1));
      lasts[p] = values[p];
    }
    return values;
  }

  /** The last values of each device, and of whichever came last. */
  private static final class Lasts {
    private final Map<Integer, long[]> byDevice = new HashMap<>();
    private long @Nullable [] newest;

    /** To be changed in place. */
    long[] of(int device, int points) {
      long[] known = byDevice.get(device);
      if (known == null || known.length != points) {
        long[] like = newest;
        known = like != null && like.length == points ? like.clone() : new long[points];
        byDevice.put(device, known);
      }
      newest = known;
      return known;
    }
  }

  /** How stamps come to their UTC; rarely changes within a row. */
  private static final class Clock {
    private boolean hasUtc;
    private long offset;
    private int unc;

    void write(ByteWriter out, Stamp stamp) {
      if (!stamp.hasUtc()) {
        out.u8(hasUtc ? CLOCK_NONE : CLOCK_SAME);
        hasUtc = false;
        return;
      }
      long now = stamp.utcMs() - stamp.monoMs();
      if (hasUtc && now == offset && stamp.uncMs() == unc) {
        out.u8(CLOCK_SAME);
        return;
      }
      out.u8(CLOCK_NEW).zigzag(now - offset).varint(stamp.uncMs());
      hasUtc = true;
      offset = now;
      unc = stamp.uncMs();
    }

    Stamp read(ByteReader in, long boot, long mono) {
      int code = in.u8();
      if (code == CLOCK_NONE) {
        hasUtc = false;
      } else if (code == CLOCK_NEW) {
        hasUtc = true;
        offset += in.zigzag();
        unc = (int) in.varint();
      } else if (code != CLOCK_SAME) {
        in.fail("clock " + code + ", expected 0 to 2");
      }
      return hasUtc
          ? new Stamp(boot, mono, mono + offset, unc)
          : new Stamp(boot, mono, Stamp.NO_UTC, 0);
    }
  }
}
