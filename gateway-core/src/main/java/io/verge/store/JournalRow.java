package io.verge.store;

import io.verge.bytes.ByteReader;
import io.verge.bytes.ByteWriter;
import io.verge.bytes.Decoded;
import io.verge.model.Event;
import io.verge.model.Sample;
import io.verge.model.Stamp;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The samples and events of one lane and one commit, as a row of the journal.
 *
 * <pre>
 * version 2, columns ({@link RowColumns}) as they are (0) or deflated (1)
 * version 1, samples one by one ({@link RowVersion1}); read only
 * CRC-32C over all before it, low byte first
 * </pre>
 */
public record JournalRow(List<Sample> samples, List<Event> events) {
  private static final int VERSION = 2;
  private static final int CRC_BYTES = 4;
  private static final int HEAD_BYTES = 2;
  private static final int PLAIN = 0;
  private static final int DEFLATED = 1;

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

  /** Of what was taken last. */
  Stamp lastStamp() {
    return events.isEmpty()
        ? samples.get(samples.size() - 1).stamp()
        : events.get(events.size() - 1).stamp();
  }

  byte[] encode() {
    byte[] columns = RowColumns.encode(this);
    byte[] packed = Deflate.pack(columns);
    boolean isPacked = packed.length < columns.length;
    ByteWriter out = new ByteWriter(HEAD_BYTES + packed.length + CRC_BYTES);
    out.u8(VERSION).u8(isPacked ? DEFLATED : PLAIN).raw(isPacked ? packed : columns);
    return out.u32le(Crc.of(out.buffer(), 0, out.size())).toBytes();
  }

  static Decoded<JournalRow> decode(byte[] row) {
    int end = row.length - CRC_BYTES;
    if (end <= HEAD_BYTES) {
      return Decoded.invalid("journal row of " + row.length + " bytes", 0);
    }
    if (Crc.at(row, end) != Crc.of(row, 0, end)) {
      return Decoded.invalid("CRC of the journal row does not match", end);
    }
    return switch (row[0]) {
      case 1 -> RowVersion1.decode(new ByteReader(row, 1, end));
      case VERSION -> columns(row, end);
      default -> Decoded.invalid("journal row version " + (row[0] & 0xFF) + ", expected 1 or 2", 0);
    };
  }

  private static Decoded<JournalRow> columns(byte[] row, int end) {
    byte[] packed = Arrays.copyOfRange(row, HEAD_BYTES, end);
    if (row[1] == PLAIN) {
      return RowColumns.decode(packed);
    }
    if (row[1] != DEFLATED) {
      return Decoded.invalid("journal row coding " + (row[1] & 0xFF) + ", expected 0 or 1", 1);
    }
    Decoded<byte[]> columns = Deflate.unpack(packed);
    return columns instanceof Decoded.Valid<byte[]> valid
        ? RowColumns.decode(valid.value())
        : Decoded.invalid(((Decoded.Invalid<byte[]>) columns).reason(), HEAD_BYTES);
  }

  /** CRC-32C, low byte first. */
  static final class Crc {
    private Crc() {}

    static int of(byte[] bytes, int from, int to) {
      CRC32C crc = new CRC32C();
      crc.update(bytes, from, to - from);
      return (int) crc.getValue();
    }

    static int at(byte[] bytes, int at) {
      return bytes[at] & 0xFF
          | (bytes[at + 1] & 0xFF) << 8
          | (bytes[at + 2] & 0xFF) << 16
          | bytes[at + 3] << 24;
    }
  }
}
