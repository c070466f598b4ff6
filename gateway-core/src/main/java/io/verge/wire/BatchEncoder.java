package io.verge.wire;

import io.verge.model.Catalog;
import io.verge.model.Device;
import io.verge.model.Event;
import io.verge.model.Gap;
import io.verge.model.Quality;
import io.verge.model.Sample;
import io.verge.model.Stamp;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Writes a batch's CBOR. */
final class BatchEncoder {
  private BatchEncoder() {}

  static CborWriter encode(Batch batch, Catalog catalog) {
    int[] ordinals = ordinals(catalog);
    Sample[] samples = batch.samples().toArray(new Sample[0]);
    Arrays.sort(samples, (a, b) -> compare(a, b, catalog));
    long base = base(batch, samples);
    CborWriter out = new CborWriter(64 + samples.length * 8);
    out.array(12)
        .unsigned(BatchCodec.VERSION)
        .unsigned(batch.epoch())
        .unsigned(batch.lane().number())
        .unsigned(batch.bseq())
        .unsigned(batch.rseqFirst())
        .unsigned(batch.catalogRev());
    Clk clk = batch.clk();
    out.array(3).unsigned(clk.sinceBoot() ? 1 : 0).unsigned(clk.uncMs()).unsigned(clk.boot());
    out.unsigned(batch.tickMs()).integer(base);
    groups(out, batch, catalog, samples, ordinals, base);
    events(out, batch, base);
    gaps(out, batch.gaps());
    return out;
  }

  private static int compare(Sample a, Sample b, Catalog catalog) {
    int types =
        Integer.compare(
            catalog.devices().get(a.device()).type(), catalog.devices().get(b.device()).type());
    return types != 0 ? types : Integer.compare(a.device(), b.device());
  }

  /** Per device, its position among the devices of its type. */
  private static int[] ordinals(Catalog catalog) {
    List<Device> devices = catalog.devices();
    int[] seen = new int[catalog.types().size()];
    int[] ordinals = new int[devices.size()];
    for (int i = 0; i < ordinals.length; i++) {
      ordinals[i] = seen[devices.get(i).type()]++;
    }
    return ordinals;
  }

  private static long ticks(Batch batch, Stamp stamp) {
    if (!batch.clk().sinceBoot() && !stamp.hasUtc()) {
      throw new IllegalArgumentException("a sample without UTC in a UTC batch");
    }
    return Math.floorDiv(
        batch.clk().sinceBoot() ? stamp.monoMs() : stamp.utcMs(), (long) batch.tickMs());
  }

  private static long base(Batch batch, Sample[] samples) {
    long base = Long.MAX_VALUE;
    for (Sample sample : samples) {
      base = Math.min(base, ticks(batch, sample.stamp()));
    }
    for (Event event : batch.events()) {
      base = Math.min(base, ticks(batch, event.stamp()));
    }
    return base == Long.MAX_VALUE ? 0 : base;
  }

  private static void groups(
      CborWriter out, Batch batch, Catalog catalog, Sample[] samples, int[] ordinals, long base) {
    int groups = 0;
    int last = -1;
    for (Sample sample : samples) {
      int type = catalog.devices().get(sample.device()).type();
      if (type != last) {
        groups++;
        last = type;
      }
    }
    out.array(groups);
    int from = 0;
    while (from < samples.length) {
      int type = catalog.devices().get(samples[from].device()).type();
      int to = from;
      while (to < samples.length && catalog.devices().get(samples[to].device()).type() == type) {
        to++;
      }
      group(out, batch, catalog, samples, from, to, type, ordinals, base);
      from = to;
    }
  }

  private static void group(
      CborWriter out,
      Batch batch,
      Catalog catalog,
      Sample[] samples,
      int from,
      int to,
      int type,
      int[] ordinals,
      long base) {
    int points = catalog.types().get(type).points().size();
    int[] starts = starts(samples, from, to);
    int devices = starts.length - 1;
    out.array(5 + points).unsigned(type);

    boolean dense = true;
    for (int d = 0; d < devices; d++) {
      dense &= ordinals[samples[starts[d]].device()] == d;
    }
    if (dense) {
      out.unsigned(devices);
    } else {
      out.array(devices);
      int before = -1;
      for (int d = 0; d < devices; d++) {
        int ordinal = ordinals[samples[starts[d]].device()];
        out.unsigned(ordinal - before - 1);
        before = ordinal;
      }
    }

    boolean equal = true;
    for (int d = 1; d < devices; d++) {
      equal &= starts[d + 1] - starts[d] == starts[1] - starts[0];
    }
    if (equal) {
      out.unsigned(starts[1] - starts[0]);
    } else {
      out.array(devices);
      for (int d = 0; d < devices; d++) {
        out.unsigned(starts[d + 1] - starts[d]);
      }
    }

    long period = catalog.types().get(type).periodMs() / batch.tickMs();
    out.array(to - from);
    long firstBefore = base;
    for (int d = 0; d < devices; d++) {
      long before = 0;
      for (int s = starts[d]; s < starts[d + 1]; s++) {
        long time = ticks(batch, samples[s].stamp());
        if (s == starts[d]) {
          out.integer(time - firstBefore);
          firstBefore = time;
        } else {
          out.integer(time - before - period);
        }
        before = time;
      }
    }
    qualities(out, samples, from, to);
    for (int point = 0; point < points; point++) {
      column(out, samples, starts, point, points);
    }
  }

  /** Where each device's samples start, and at last the end. */
  private static int[] starts(Sample[] samples, int from, int to) {
    int[] starts = new int[to - from + 1];
    int devices = 0;
    for (int s = from; s < to; s++) {
      if (s == from || samples[s].device() != samples[s - 1].device()) {
        starts[devices++] = s;
      }
    }
    starts[devices] = to;
    return Arrays.copyOf(starts, devices + 1);
  }

  private static void qualities(CborWriter out, Sample[] samples, int from, int to) {
    int entries = 0;
    for (int s = from; s < to; s++) {
      entries += qualityEntries(null, samples[s], s - from);
    }
    if (entries == 0) {
      out.unsigned(0);
      return;
    }
    out.array(entries);
    for (int s = from; s < to; s++) {
      qualityEntries(out, samples[s], s - from);
    }
  }

  private static int qualityEntries(
      @org.jspecify.annotations.Nullable CborWriter out, Sample sample, int position) {
    int entries = 0;
    if (sample.quality() != Quality.GOOD) {
      entries++;
      if (out != null) {
        out.array(2).unsigned(position).unsigned(sample.quality().code());
      }
    }
    byte[] perPoint = sample.pointQuality();
    for (int point = 0; perPoint != null && point < perPoint.length; point++) {
      if (perPoint[point] != sample.quality().code()) {
        entries++;
        if (out != null) {
          out.array(3).unsigned(position).unsigned(perPoint[point]).unsigned(point);
        }
      }
    }
    return entries;
  }

  private static void column(
      CborWriter out, Sample[] samples, int[] starts, int point, int points) {
    int from = starts[0];
    int to = starts[starts.length - 1];
    boolean zero = true;
    for (int s = from; s < to && zero; s++) {
      long[] values = samples[s].values();
      if (values.length != points) {
        throw new IllegalArgumentException(
            "a sample of " + values.length + " values for a type of " + points);
      }
      zero = values[point] == 0;
    }
    if (zero) {
      out.unsigned(0);
      return;
    }
    out.array(to - from);
    long firstBefore = 0;
    for (int d = 0; d + 1 < starts.length; d++) {
      boolean first = true;
      long before = 0;
      for (int s = starts[d]; s < starts[d + 1]; s++) {
        long value = samples[s].values()[point];
        if (value == Sample.NONE) {
          out.nul();
          continue;
        }
        if (value > BatchCodec.VALUE_MAX || value < -BatchCodec.VALUE_MAX) {
          throw new IllegalArgumentException("value " + value + " beyond 2^53");
        }
        if (first) {
          out.integer(value - firstBefore);
          firstBefore = value;
          first = false;
        } else {
          out.integer(value - before);
        }
        before = value;
      }
    }
  }

  private static void events(CborWriter out, Batch batch, long base) {
    out.array(batch.events().size());
    for (Event event : batch.events()) {
      Map<String, Object> details = event.details();
      out.array(details.isEmpty() ? 4 : 5)
          .integer(ticks(batch, event.stamp()) - base)
          .text(event.kind())
          .unsigned(event.severity().number());
      if (event.device() == Event.NO_DEVICE) {
        out.nul();
      } else {
        out.unsigned(event.device());
      }
      if (!details.isEmpty()) {
        out.any(details);
      }
    }
  }

  private static void gaps(CborWriter out, List<Gap> gaps) {
    out.array(gaps.size());
    for (Gap gap : gaps) {
      out.array(9)
          .unsigned(gap.lane().number())
          .unsigned(gap.bseqFirst())
          .unsigned(gap.bseqLast())
          .unsigned(gap.rseqFirst())
          .unsigned(gap.rseqLast())
          .text(gap.reason())
          .integer(gap.firstMs())
          .integer(gap.lastMs())
          .any(Map.of("readings", gap.readings()));
    }
  }
}
