package io.verge.store;

import io.verge.bytes.Decoded;
import io.verge.fuzz.Target;
import java.util.Arrays;
import java.util.SortedMap;

/** What the store reads back from a card that may have been damaged. */
public final class JournalTargets {
  private static final int CRC_BYTES = 4;

  /** A row's columns inflate to at most this. */
  private static final long ROW_ALLOWED = 64L << 20;

  private static final long EPOCH = 5;

  private JournalTargets() {}

  public static void addTo(SortedMap<String, Target> all) {
    all.put("journal-row", new Row());
    all.put("journal-record", JournalTargets::record);
    all.put("journal-pages", new Pages());
  }

  /** The checksum is made right; what is read must be written and read again alike. */
  private static final class Row implements Target {
    @Override
    public void read(byte[] input) {
      byte[] row = Arrays.copyOf(input, input.length + CRC_BYTES);
      int crc = JournalRow.Crc.of(row, 0, input.length);
      for (int i = 0; i < CRC_BYTES; i++) {
        row[input.length + i] = (byte) (crc >>> 8 * i);
      }
      if (JournalRow.decode(row) instanceof Decoded.Valid<JournalRow> valid) {
        JournalRow value = valid.value();
        if (value.samples().isEmpty() && value.events().isEmpty()) {
          return;
        }
        JournalRow again = JournalRow.decode(value.encode()).orThrow();
        same(value.encode(), again.encode());
      }
    }

    @Override
    public long allowed(int length) {
      return ROW_ALLOWED;
    }
  }

  private static void record(byte[] input) {
    if (CommitRecord.decode(input) instanceof Decoded.Valid<CommitRecord> valid) {
      byte[] once = valid.value().encode();
      same(once, CommitRecord.decode(once).orThrow().encode());
    }
  }

  /** A page of a record, damaged or torn, behind a whole one. */
  private static final class Pages implements Target {
    @Override
    public void read(byte[] input) {
      byte[] record = JournalPages.record(EPOCH, 1, input);
      byte[] file = Arrays.copyOf(record, record.length + input.length);
      System.arraycopy(input, 0, file, record.length, input.length);
      JournalPages.Found found = JournalPages.scan(file).of(EPOCH).get(1L);
      if (found == null) {
        throw new AssertionError("a whole record is not found");
      }
      same(input, found.bytes());
    }

    @Override
    public long allowed(int length) {
      return Target.super.allowed(length + 2 * JournalPages.PAGE);
    }
  }

  private static void same(byte[] expected, byte[] found) {
    if (!Arrays.equals(expected, found)) {
      throw new AssertionError("written again, " + found.length + " other bytes");
    }
  }
}
