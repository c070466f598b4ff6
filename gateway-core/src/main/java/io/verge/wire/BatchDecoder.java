package io.verge.wire;

import io.verge.bytes.Decoded;
import io.verge.model.Catalog;
import io.verge.model.Device;
import io.verge.model.Event;
import io.verge.model.Gap;
import io.verge.model.Lane;
import io.verge.model.Quality;
import io.verge.model.Sample;
import io.verge.model.Severity;
import io.verge.model.Stamp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a batch's CBOR from outside; every length and number is checked before use. */
final class BatchDecoder {
  /** Milliseconds a tick may last: an hour is coarser than anything polled. */
  private static final int TICK_MAX_MS = 3_600_000;

  /** Times beyond the year 10000 are nonsense, and adding deltas to them might overflow. */
  private static final long TIME_MAX_MS = 253_402_300_800_000L;

  private static final int KIND_BYTES_MAX = 64;
  private static final int REASON_BYTES_MAX = 64;

  private final CborReader in;
  private final Catalog catalog;
  private final int[][] devicesOfType;
  private final List<Sample> samples = new ArrayList<>();
  private int readings;
  private Clk clk = new Clk(false, 0, 0);
  private int tickMs = 1;
  private long base;

  BatchDecoder(byte[] cbor, Catalog catalog) {
    this.in = new CborReader(cbor, 0, cbor.length);
    this.catalog = catalog;
    this.devicesOfType = devicesOfType(catalog);
  }

  /** Up to the kind of its clock. */
  static Batch.@Nullable Head head(CborReader in) {
    in.array(12, 12, "batch");
    long version = in.unsigned();
    if (in.isOk() && version != BatchCodec.VERSION) {
      in.fail("batch version " + version + ", expected " + BatchCodec.VERSION);
    }
    long epoch = in.unsigned();
    int lane = (int) in.unsigned(2, "lane");
    long bseq = in.unsigned();
    long rseqFirst = in.unsigned();
    long catalogRev = in.unsigned();
    in.array(3, 3, "clk");
    boolean hasUtc = in.unsigned(1, "clock kind") == 0;
    return in.isOk()
        ? new Batch.Head(epoch, Lane.of(lane), bseq, rseqFirst, catalogRev, hasUtc)
        : null;
  }

  Decoded<Batch> decode() {
    Batch.Head head = head(in);
    if (head == null) {
      return in.invalid();
    }
    if (head.catalogRev() != catalog.rev()) {
      in.fail(
          "catalog revision " + head.catalogRev() + ", but the one at hand is " + catalog.rev());
      return in.invalid();
    }
    clk =
        new Clk(!head.hasUtc(), (int) in.unsigned(Integer.MAX_VALUE, "uncertainty"), in.unsigned());
    tickMs = (int) in.unsigned(TICK_MAX_MS, "tick_ms");
    if (tickMs == 0) {
      in.fail("tick_ms 0");
      return in.invalid();
    }
    base = in.integer();
    checkTime(base);
    int groups = in.array(0, catalog.types().size(), "groups");
    for (int g = 0; g < groups && in.isOk(); g++) {
      group();
    }
    List<Event> events = events();
    List<Gap> gaps = gaps();
    if (!in.isAtEnd()) {
      return in.invalid();
    }
    return Decoded.valid(
        new Batch(
            head.epoch(),
            head.lane(),
            head.bseq(),
            head.rseqFirst(),
            head.catalogRev(),
            clk,
            tickMs,
            samples,
            events,
            gaps));
  }

  private static int[][] devicesOfType(Catalog catalog) {
    int[][] devices = new int[catalog.types().size()][];
    int[] count = new int[devices.length];
    for (Device device : catalog.devices()) {
      count[device.type()]++;
    }
    for (int t = 0; t < devices.length; t++) {
      devices[t] = new int[count[t]];
      count[t] = 0;
    }
    for (int i = 0; i < catalog.devices().size(); i++) {
      int type = catalog.devices().get(i).type();
      devices[type][count[type]++] = i;
    }
    return devices;
  }

  private boolean checkTime(long ticks) {
    long most = TIME_MAX_MS / tickMs;
    if (in.isOk() && (ticks > most || ticks < -most)) {
      in.fail("time " + ticks + " in ticks of " + tickMs + " ms is beyond the year 10000");
    }
    return in.isOk();
  }

  private void group() {
    int typesMax = catalog.types().size() - 1;
    int start = in.array();
    int type = (int) in.unsigned(Math.max(0, typesMax), "device type");
    if (!in.isOk()) {
      return;
    }
    int points = catalog.types().get(type).points().size();
    if (start != 5 + points) {
      in.fail("group of " + start + " items, expected " + (5 + points) + " for type " + type);
      return;
    }
    int[] devices = devices(devicesOfType[type]);
    int[] counts = counts(devices.length);
    long total = 0;
    for (int count : counts) {
      total += count;
    }
    if (in.isOk() && (total == 0 || readings + total * points > BatchCodec.READINGS_MAX)) {
      in.fail(total + " samples of " + points + " points");
    }
    if (!in.isOk()) {
      return;
    }
    readings += (int) total * points;
    long[] times = times(counts, (int) total, catalog.types().get(type).periodMs() / tickMs);
    Quality[] qualities = new Quality[(int) total];
    Arrays.fill(qualities, Quality.GOOD);
    byte[][] perPoint = new byte[(int) total][];
    qualities(qualities, perPoint, points);
    long[][] values = new long[(int) total][points];
    for (int point = 0; point < points && in.isOk(); point++) {
      column(values, counts, point);
    }
    if (!in.isOk()) {
      return;
    }
    int s = 0;
    for (int d = 0; d < devices.length; d++) {
      for (int i = 0; i < counts[d]; i++, s++) {
        samples.add(new Sample(devices[d], stamp(times[s]), qualities[s], values[s], perPoint[s]));
      }
    }
  }

  private Stamp stamp(long ticks) {
    long ms = ticks * tickMs;
    return clk.sinceBoot()
        ? new Stamp(clk.boot(), ms, Stamp.NO_UTC, 0)
        : new Stamp(clk.boot(), 0, ms, clk.uncMs());
  }

  private int[] devices(int[] known) {
    if (in.peekMajor() == 0) {
      int count = (int) in.unsigned(known.length, "devices");
      return Arrays.copyOf(known, count);
    }
    int count = in.array(1, Math.max(1, known.length), "devices");
    int[] devices = new int[count];
    long ordinal = -1;
    for (int d = 0; d < count && in.isOk(); d++) {
      ordinal += 1 + in.unsigned(known.length, "skipped devices");
      if (ordinal >= known.length) {
        in.fail("device " + ordinal + " of its type, but the catalog has " + known.length);
        break;
      }
      devices[d] = known[(int) ordinal];
    }
    return devices;
  }

  private int[] counts(int devices) {
    int[] counts = new int[devices];
    if (in.peekMajor() == 0) {
      Arrays.fill(counts, (int) in.unsigned(BatchCodec.READINGS_MAX, "samples a device"));
      return counts;
    }
    in.array(devices, devices, "counts");
    for (int d = 0; d < devices && in.isOk(); d++) {
      counts[d] = (int) in.unsigned(BatchCodec.READINGS_MAX, "samples of a device");
    }
    return counts;
  }

  private long[] times(int[] counts, int total, long period) {
    in.array(total, total, "times");
    if (!in.isOk()) {
      return new long[0];
    }
    long[] times = new long[total];
    long firstBefore = base;
    int s = 0;
    for (int count : counts) {
      long before = 0;
      for (int i = 0; i < count && in.isOk(); i++, s++) {
        long delta = in.integer();
        if (!checkTime(delta)) {
          break;
        }
        times[s] = i == 0 ? firstBefore + delta : before + period + delta;
        if (!checkTime(times[s])) {
          break;
        }
        before = times[s];
        if (i == 0) {
          firstBefore = times[s];
        }
      }
    }
    return times;
  }

  private void qualities(Quality[] qualities, byte[][] perPoint, int points) {
    if (in.peekMajor() == 0) {
      in.unsigned(0, "quality");
      return;
    }
    int entries = in.array();
    for (int e = 0; e < entries && in.isOk(); e++) {
      int size = in.array(2, 3, "quality entry");
      int sample = (int) in.unsigned(qualities.length - 1, "sample of a quality entry");
      int code = (int) in.unsigned(127, "quality code");
      if (size == 3) {
        int point = (int) in.unsigned(points - 1, "point of a quality entry");
        if (in.isOk()) {
          byte[] codes = perPoint[sample];
          if (codes == null) {
            codes = new byte[points];
            Arrays.fill(codes, (byte) qualities[sample].code());
            perPoint[sample] = codes;
          }
          codes[point] = (byte) code;
        }
      } else if (in.isOk()) {
        qualities[sample] = Quality.of(code);
      }
    }
  }

  private void column(long[][] values, int[] counts, int point) {
    if (in.peekMajor() == 0) {
      in.unsigned(0, "column");
      return;
    }
    in.array(values.length, values.length, "column");
    long firstBefore = 0;
    int s = 0;
    for (int count : counts) {
      boolean first = true;
      long before = 0;
      for (int i = 0; i < count && in.isOk(); i++, s++) {
        if (in.peekNull()) {
          in.nul();
          values[s][point] = Sample.NONE;
          continue;
        }
        long value = (first ? firstBefore : before) + in.integer();
        if (value > BatchCodec.VALUE_MAX || value < -BatchCodec.VALUE_MAX) {
          in.fail("value " + value + " beyond 2^53");
        }
        values[s][point] = value;
        before = value;
        if (first) {
          firstBefore = value;
          first = false;
        }
      }
    }
  }

  private List<Event> events() {
    int count = in.array();
    List<Event> events = new ArrayList<>(Math.min(count, 1024));
    for (int e = 0; e < count && in.isOk(); e++) {
      int size = in.array(4, 5, "event");
      long delta = in.integer();
      if (!checkTime(delta) || !checkTime(base + delta)) {
        break;
      }
      long time = base + delta;
      String kind = in.text(KIND_BYTES_MAX);
      Severity severity = Severity.of((int) in.unsigned(7, "severity"));
      int device = Event.NO_DEVICE;
      if (in.peekNull()) {
        in.nul();
      } else {
        device = (int) in.unsigned(Math.max(0, catalog.devices().size() - 1), "device of an event");
      }
      Map<String, Object> details = size == 5 ? details() : Map.of();
      if (in.isOk()) {
        events.add(new Event(stamp(time), kind, severity, device, details));
      }
    }
    return events;
  }

  @SuppressWarnings("unchecked") // CborReader.any() makes maps with text keys only
  private Map<String, Object> details() {
    if (in.peekMajor() != 5) {
      in.fail("expected a map of details");
      return Map.of();
    }
    Object details = in.any();
    return details instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
  }

  private List<Gap> gaps() {
    int count = in.array();
    List<Gap> gaps = new ArrayList<>(Math.min(count, 1024));
    for (int g = 0; g < count && in.isOk(); g++) {
      int size = in.array(8, 9, "gap");
      Lane lane = Lane.of((int) in.unsigned(2, "lane"));
      long bseqFirst = in.unsigned();
      long bseqLast = in.unsigned();
      long rseqFirst = in.unsigned();
      long rseqLast = in.unsigned();
      String reason = in.text(REASON_BYTES_MAX);
      long firstMs = in.integer();
      long lastMs = in.integer();
      Object summary = size == 9 ? in.any() : null;
      if (in.isOk() && (bseqFirst > bseqLast || rseqFirst > rseqLast)) {
        in.fail("gap " + bseqFirst + ".." + bseqLast + ", " + rseqFirst + ".." + rseqLast);
      }
      if (in.isOk()) {
        long lost =
            summary instanceof Map<?, ?> map && map.get("readings") instanceof Long n ? n : 0;
        gaps.add(
            new Gap(lane, bseqFirst, bseqLast, rseqFirst, rseqLast, reason, firstMs, lastMs, lost));
      }
    }
    return gaps;
  }
}
