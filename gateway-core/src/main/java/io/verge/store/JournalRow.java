package io.verge.store;

import io.verge.bytes.ByteReader;
import io.verge.bytes.ByteWriter;
import io.verge.bytes.Decoded;
import io.verge.model.Event;
import io.verge.model.Quality;
import io.verge.model.Sample;
import io.verge.model.Severity;
import io.verge.model.Stamp;
import io.verge.wire.CborReader;
import io.verge.wire.CborWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * The samples and events of one lane and one commit, as a row of the journal.
 *
 * <pre>
 * version 1, samples, events (counts)
 * sample: device, stamp, quality, points, values (0: none, else zigzag + 1), 0 or 1 + point qualities
 * event:  stamp, kind, severity, device + 1, details as CBOR
 * stamp:  boot (difference to the stamp before), mono_ms (difference), 0 | 1 + utc - mono
 *         (difference), unc_ms
 * CRC-32C over all before it, low byte first
 * </pre>
 */
public record JournalRow(List<Sample> samples, List<Event> events) {
  private static final int VERSION = 1;
  private static final int CRC_BYTES = 4;

  /** Rows are bounded by the inbox; this bounds what a damaged count may ask for. */
  private static final int COUNT_MAX = 1 << 20;

  private static final int KIND_BYTES_MAX = 256;
  private static final int DETAILS_BYTES_MAX = 1 << 16;

  public JournalRow {
    samples = List.copyOf(samples);
    events = List.copyOf(events);
  }

  int count() {
    return samples.size() + events.size();
  }

  int readings() {
    int readings = 0;
    for (Sample sample : samples) {
      readings += sample.readings();
    }
    return readings;
  }

  byte[] encode() {
    ByteWriter out = new ByteWriter(64 + samples.size() * 24);
    out.u8(VERSION).varint(samples.size()).varint(events.size());
    StampDeltas stamps = new StampDeltas();
    for (Sample sample : samples) {
      out.varint(sample.device());
      stamps.write(out, sample.stamp());
      out.u8(sample.quality().code()).varint(sample.values().length);
      for (long value : sample.values()) {
        if (value == Sample.NONE) {
          out.varint(0);
        } else {
          out.varint((value << 1 ^ value >> 63) + 1);
        }
      }
      byte[] perPoint = sample.pointQuality();
      out.u8(perPoint == null ? 0 : 1);
      if (perPoint != null) {
        for (byte code : perPoint) {
          out.u8(code);
        }
      }
    }
    for (Event event : events) {
      stamps.write(out, event.stamp());
      out.text(event.kind()).u8(event.severity().number()).varint(event.device() + 1L);
      out.bytes(new CborWriter(64).any(event.details()).toBytes());
    }
    byte[] body = out.toBytes();
    return out.u32le(crc(body, body.length)).toBytes();
  }

  static Decoded<JournalRow> decode(byte[] row) {
    int end = row.length - CRC_BYTES;
    if (end < 3) {
      return Decoded.invalid("journal row of " + row.length + " bytes", 0);
    }
    int found =
        row[end] & 0xFF
            | (row[end + 1] & 0xFF) << 8
            | (row[end + 2] & 0xFF) << 16
            | row[end + 3] << 24;
    if (found != crc(row, end)) {
      return Decoded.invalid("CRC of the journal row does not match", end);
    }
    ByteReader in = new ByteReader(row, 0, end);
    int version = in.u8();
    if (version != VERSION) {
      return Decoded.invalid("journal row version " + version + ", expected " + VERSION, 0);
    }
    int sampleCount = in.count(COUNT_MAX);
    int eventCount = in.count(COUNT_MAX);
    StampDeltas stamps = new StampDeltas();
    List<Sample> samples = new ArrayList<>(sampleCount);
    for (int i = 0; i < sampleCount && in.isOk(); i++) {
      samples.add(sample(in, stamps));
    }
    List<Event> events = new ArrayList<>(eventCount);
    for (int i = 0; i < eventCount && in.isOk(); i++) {
      events.add(event(in, stamps));
    }
    return in.isAtEnd() ? Decoded.valid(new JournalRow(samples, events)) : in.invalid();
  }

  private static Sample sample(ByteReader in, StampDeltas stamps) {
    int device = (int) in.varint();
    Stamp stamp = stamps.read(in);
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

  @SuppressWarnings("unchecked") // CborReader.any() makes maps with text keys only
  private static Event event(ByteReader in, StampDeltas stamps) {
    Stamp stamp = stamps.read(in);
    String kind = in.text(KIND_BYTES_MAX);
    Severity severity = Severity.of(in.u8());
    int device = (int) in.varint() - 1;
    byte[] cbor = in.bytes(DETAILS_BYTES_MAX);
    Object details = in.isOk() ? new CborReader(cbor, 0, cbor.length).any() : null;
    if (in.isOk() && !(details instanceof Map)) {
      in.fail("event details are not a map");
    }
    return new Event(
        stamp,
        kind,
        severity,
        device,
        details instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of());
  }

  private static int crc(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }

  /** Stamps of a row differ little from one to the next. */
  private static final class StampDeltas {
    private long boot;
    private long mono;
    private long offset;

    void write(ByteWriter out, Stamp stamp) {
      out.zigzag(stamp.boot() - boot).zigzag(stamp.monoMs() - mono);
      boot = stamp.boot();
      mono = stamp.monoMs();
      if (stamp.hasUtc()) {
        out.u8(1).zigzag(stamp.utcMs() - mono - offset).varint(stamp.uncMs());
        offset = stamp.utcMs() - mono;
      } else {
        out.u8(0);
      }
    }

    Stamp read(ByteReader in) {
      boot += in.zigzag();
      mono += in.zigzag();
      if (in.u8() == 0) {
        return new Stamp(boot, mono, Stamp.NO_UTC, 0);
      }
      offset += in.zigzag();
      return new Stamp(boot, mono, mono + offset, (int) in.varint());
    }
  }
}
