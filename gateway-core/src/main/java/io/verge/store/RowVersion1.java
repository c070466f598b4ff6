package io.verge.store;

import io.verge.bytes.ByteReader;
import io.verge.bytes.Decoded;
import io.verge.model.Event;
import io.verge.model.Quality;
import io.verge.model.Sample;
import io.verge.model.Stamp;
import java.util.ArrayList;
import java.util.List;

/**
 * Journal rows as stores of schema versions 1 and 2 wrote them.
 *
 * <pre>
 * samples, events (counts)
 * sample: device, stamp, quality, points, values (0: none, else zigzag + 1), 0 or 1 + point qualities
 * event:  stamp, kind, severity, device + 1, details as CBOR
 * stamp:  boot (difference to the stamp before), mono_ms (difference), 0 | 1 + utc - mono
 *         (difference), unc_ms
 * </pre>
 */
final class RowVersion1 {
  private static final int COUNT_MAX = 1 << 20;

  private final ByteReader in;
  private long boot;
  private long mono;
  private long offset;

  private RowVersion1(ByteReader in) {
    this.in = in;
  }

  static Decoded<JournalRow> decode(ByteReader in) {
    RowVersion1 row = new RowVersion1(in);
    int sampleCount = in.count(COUNT_MAX);
    int eventCount = in.count(COUNT_MAX);
    List<Sample> samples = new ArrayList<>(sampleCount);
    for (int i = 0; i < sampleCount && in.isOk(); i++) {
      samples.add(row.sample());
    }
    List<Event> events = new ArrayList<>(eventCount);
    for (int i = 0; i < eventCount && in.isOk(); i++) {
      events.add(RowEvents.read(in, row.stamp()));
    }
    return in.isAtEnd() ? Decoded.valid(new JournalRow(samples, events)) : in.invalid();
  }

  private Sample sample() {
    int device = (int) in.varint();
    Stamp stamp = stamp();
    Quality quality = Quality.of(in.u8());
    long[] values = new long[in.count(COUNT_MAX)];
    for (int p = 0; p < values.length; p++) {
      long coded = in.varint();
      long zigzag = coded - 1;
      values[p] = coded == 0 ? Sample.NONE : zigzag >>> 1 ^ -(zigzag & 1);
    }
    byte[] perPoint = null;
    if (in.u8() == 1) {
      perPoint = new byte[values.length];
      for (int p = 0; p < perPoint.length; p++) {
        perPoint[p] = (byte) in.u8();
      }
    }
    return new Sample(device, stamp, quality, values, perPoint);
  }

  private Stamp stamp() {
    boot += in.zigzag();
    mono += in.zigzag();
    if (in.u8() == 0) {
      return new Stamp(boot, mono, Stamp.NO_UTC, 0);
    }
    offset += in.zigzag();
    return new Stamp(boot, mono, mono + offset, (int) in.varint());
  }
}
