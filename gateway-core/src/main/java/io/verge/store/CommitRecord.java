package io.verge.store;

import io.verge.bytes.ByteReader;
import io.verge.bytes.ByteWriter;
import io.verge.bytes.Decoded;
import io.verge.model.Catalog;
import io.verge.model.Lane;
import io.verge.model.Stamp;
import io.verge.wire.CatalogCodec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What one commit writes to the journal file. It says enough to be understood without the database:
 * which records are still needed, and which catalog its rows mean.
 *
 * <pre>
 * version 1
 * taken of lanes 0, 1, 2   the database had the lane's rows up to this record's number
 * rev, print               of the catalog: its revision, the first 8 bytes of its SHA-256
 * stamp                    of the newest row: boot, mono_ms, 0 | 1 + utc_ms, unc_ms
 * rows (count)             lane, rseq_first, samples and events, readings, {@link JournalRow} bytes
 * keep (count)             asset, {@link KeptNumbers} bytes
 * </pre>
 *
 * @param taken by lane number.
 */
record CommitRecord(
    List<Long> taken, long rev, long print, Stamp stamp, List<Row> rows, Map<String, byte[]> keep) {
  private static final int VERSION = 1;
  private static final int ASSET_BYTES_MAX = 1024;
  private static final int LANES = Lane.values().length;

  /**
   * The samples and events of a lane.
   *
   * @param count of both, numbered from {@code rseqFirst} on.
   */
  record Row(Lane lane, long rseqFirst, int count, int readings, byte[] body) {}

  CommitRecord {
    taken = List.copyOf(taken);
    rows = List.copyOf(rows);
  }

  byte[] encode() {
    int size = 64;
    for (Row row : rows) {
      size += row.body().length + 24;
    }
    ByteWriter out = new ByteWriter(size).u8(VERSION);
    taken.forEach(out::varint);
    out.varint(rev).u64le(print).varint(stamp.boot()).varint(stamp.monoMs());
    if (stamp.hasUtc()) {
      out.u8(1).zigzag(stamp.utcMs()).varint(stamp.uncMs());
    } else {
      out.u8(0);
    }
    out.varint(rows.size());
    for (Row row : rows) {
      out.u8(row.lane().number()).varint(row.rseqFirst()).varint(row.count());
      out.varint(row.readings()).bytes(row.body());
    }
    out.varint(keep.size());
    keep.forEach((asset, numbers) -> out.text(asset).bytes(numbers));
    return out.toBytes();
  }

  static Decoded<CommitRecord> decode(byte[] bytes) {
    ByteReader in = new ByteReader(bytes, 0, bytes.length);
    int version = in.u8();
    if (version != VERSION) {
      return Decoded.invalid("commit record version " + version + ", expected " + VERSION, 0);
    }
    List<Long> taken = new ArrayList<>(LANES);
    for (int i = 0; i < LANES; i++) {
      taken.add(in.varint());
    }
    long rev = in.varint();
    long print = in.u64le();
    Stamp stamp = stamp(in);
    List<Row> rows = new ArrayList<>();
    int rowCount = in.count(LANES);
    for (int i = 0; i < rowCount && in.isOk(); i++) {
      rows.add(row(in, bytes.length));
    }
    Map<String, byte[]> keep = new LinkedHashMap<>();
    int keepCount = in.count(bytes.length);
    for (int i = 0; i < keepCount && in.isOk(); i++) {
      keep.put(in.text(ASSET_BYTES_MAX), in.bytes(bytes.length));
    }
    return in.isAtEnd()
        ? Decoded.valid(new CommitRecord(taken, rev, print, stamp, rows, keep))
        : in.invalid();
  }

  /** The first 8 bytes of the catalog's SHA-256. */
  static long print(Catalog catalog) {
    byte[] sha256 = CatalogCodec.sha256(catalog);
    return new ByteReader(sha256, 0, sha256.length).u64le();
  }

  private static Stamp stamp(ByteReader in) {
    long boot = in.varint();
    long mono = in.varint();
    return in.u8() == 1
        ? new Stamp(boot, mono, in.zigzag(), (int) in.varint())
        : new Stamp(boot, mono, Stamp.NO_UTC, 0);
  }

  private static Row row(ByteReader in, int most) {
    int lane = in.u8();
    if (lane >= LANES) {
      in.fail("lane " + lane);
      lane = 0;
    }
    return new Row(
        Lane.of(lane), in.varint(), (int) in.varint(), (int) in.varint(), in.bytes(most));
  }
}
