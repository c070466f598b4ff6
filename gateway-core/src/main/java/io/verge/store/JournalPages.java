package io.verge.store;

import io.verge.bytes.ByteReader;
import io.verge.bytes.ByteWriter;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The pages of the journal file. Pure. Every page stands for itself: a checksum over all of it, and
 * whose it is. A page holds one record or a part of one, and is written whole, so that a commit
 * never touches the bytes of one before it.
 *
 * <pre>
 *  0  "VgJ1"
 *  4  CRC-32C of all that follows, to the page's end
 *  8  epoch of the store
 * 16  number of the record, from 1 on; 0: nothing here yet
 * 24  part, from 0 on (16 bits), parts (16 bits)
 * 28  bytes of the record in this page (32 bits)
 * 32  these bytes; zeros to the end
 * </pre>
 *
 * Low byte first. Records follow each other around the file, as parts do.
 */
final class JournalPages {
  static final int PAGE = 4096;
  static final int HEAD = 32;
  static final int ROOM = PAGE - HEAD;

  private static final int MAGIC = 'V' | 'g' << 8 | 'J' << 16 | '1' << 24;
  private static final int CRC_AT = 4;
  private static final int CRC_FROM = 8;

  /** A record as found. */
  record Found(long number, int page, int parts, byte[] bytes) {}

  /**
   * Everything found.
   *
   * @param pages in the file; a last one that is cut off counts.
   * @param unreadable pages whose checksum does not fit, or that are cut off.
   * @param records by epoch, whole ones, by number.
   * @param broken numbers of records of which parts are missing, by epoch.
   */
  record Scan(
      int pages,
      Set<Integer> unreadable,
      Map<Long, TreeMap<Long, Found>> records,
      Map<Long, TreeSet<Long>> broken) {
    TreeMap<Long, Found> of(long epoch) {
      return records.getOrDefault(epoch, new TreeMap<>());
    }

    TreeSet<Long> brokenOf(long epoch) {
      return broken.getOrDefault(epoch, new TreeSet<>());
    }
  }

  private record Page(int at, long epoch, long number, int part, int parts, byte[] bytes) {}

  private JournalPages() {}

  static int parts(int length) {
    return Math.max(1, (length + ROOM - 1) / ROOM);
  }

  /** A page that holds nothing yet. */
  static byte[] empty(long epoch) {
    return page(epoch, 0, 0, 1, new byte[0], 0, 0);
  }

  /** The pages of a record, one after the other. */
  static byte[] record(long epoch, long number, byte[] bytes) {
    int parts = parts(bytes.length);
    byte[] pages = new byte[parts * PAGE];
    for (int part = 0; part < parts; part++) {
      int from = part * ROOM;
      int length = Math.min(ROOM, bytes.length - from);
      byte[] page = page(epoch, number, part, parts, bytes, from, length);
      System.arraycopy(page, 0, pages, part * PAGE, PAGE);
    }
    return pages;
  }

  private static byte[] page(
      long epoch, long number, int part, int parts, byte[] bytes, int from, int length) {
    byte[] head =
        new ByteWriter(HEAD)
            .u32le(MAGIC)
            .u32le(0)
            .u64le(epoch)
            .u64le(number)
            .u32le(part | parts << 16)
            .u32le(length)
            .toBytes();
    byte[] page = Arrays.copyOf(head, PAGE);
    System.arraycopy(bytes, from, page, HEAD, length);
    byte[] crc = new ByteWriter(16).u32le(JournalRow.Crc.of(page, CRC_FROM, PAGE)).toBytes();
    System.arraycopy(crc, 0, page, CRC_AT, crc.length);
    return page;
  }

  /** Reads whatever is there. */
  static Scan scan(byte[] file) {
    int pages = (file.length + PAGE - 1) / PAGE;
    Set<Integer> unreadable = new TreeSet<>();
    Map<Long, TreeMap<Long, List<Page>>> byNumber = new TreeMap<>();
    for (int at = 0; at < pages; at++) {
      Page page = read(file, at);
      if (page == null) {
        unreadable.add(at);
      } else {
        TreeMap<Long, List<Page>> ofEpoch =
            byNumber.computeIfAbsent(page.epoch(), unused -> new TreeMap<>());
        if (page.number() > 0) {
          ofEpoch.computeIfAbsent(page.number(), unused -> new ArrayList<>()).add(page);
        }
      }
    }
    Map<Long, TreeMap<Long, Found>> records = new TreeMap<>();
    Map<Long, TreeSet<Long>> broken = new TreeMap<>();
    byNumber.forEach(
        (epoch, numbers) -> {
          TreeMap<Long, Found> whole = new TreeMap<>();
          TreeSet<Long> torn = new TreeSet<>();
          numbers.forEach(
              (number, parts) -> {
                Found found = joined(number, parts, pages);
                if (found == null) {
                  torn.add(number);
                } else {
                  whole.put(number, found);
                }
              });
          records.put(epoch, whole);
          broken.put(epoch, torn);
        });
    return new Scan(pages, unreadable, records, broken);
  }

  private static @org.jspecify.annotations.Nullable Page read(byte[] file, int at) {
    int from = at * PAGE;
    if (from + PAGE > file.length
        || JournalRow.Crc.at(file, from) != MAGIC
        || JournalRow.Crc.at(file, from + CRC_AT)
            != JournalRow.Crc.of(file, from + CRC_FROM, from + PAGE)) {
      return null;
    }
    ByteReader in = new ByteReader(file, from + CRC_FROM, from + PAGE);
    long epoch = in.u64le();
    long number = in.u64le();
    int share = in.u32le();
    int part = share & 0xFFFF;
    int parts = share >>> 16;
    int length = in.u32le();
    if (number < 0 || part >= parts || length < 0 || length > ROOM) {
      return null;
    }
    return new Page(
        at,
        epoch,
        number,
        part,
        parts,
        Arrays.copyOfRange(file, from + HEAD, from + HEAD + length));
  }

  /** The record, if all its parts are there and follow each other. */
  private static @org.jspecify.annotations.Nullable Found joined(
      long number, List<Page> found, int pages) {
    List<Page> parts = new ArrayList<>(found);
    parts.sort((a, b) -> Integer.compare(a.part(), b.part()));
    Page first = parts.get(0);
    if (parts.size() != first.parts()) {
      return null;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < parts.size(); i++) {
      Page page = parts.get(i);
      if (page.part() != i
          || page.parts() != first.parts()
          || page.at() != (first.at() + i) % pages) {
        return null;
      }
      bytes.writeBytes(page.bytes());
    }
    return new Found(number, first.at(), parts.size(), bytes.toByteArray());
  }
}
