package io.verge.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.bytes.Hex;
import io.verge.model.Lane;
import io.verge.model.Stamp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class JournalPagesTest {
  private static final long EPOCH = 0x1122334455667788L;

  /** What a card holds must be readable by later versions. */
  @Test
  void aPageHasTheseBytes() {
    byte[] page = JournalPages.record(EPOCH, 5, new byte[] {1, 2, 3});
    assertThat(page).hasSize(JournalPages.PAGE);
    assertThat(Hex.plain(Arrays.copyOf(page, 36)))
        .isEqualTo(
            "56674A31"
                + Hex.plain(Arrays.copyOfRange(page, 4, 8))
                + "8877665544332211"
                + "0500000000000000"
                + "00000100"
                + "03000000"
                + "01020300");
    assertThat(JournalRow.Crc.at(page, 4)).isEqualTo(JournalRow.Crc.of(page, 8, page.length));
  }

  @Test
  void aRecordHasTheseBytes() {
    CommitRecord record =
        new CommitRecord(
            List.of(1L, 2L, 3L),
            4,
            5,
            new Stamp(7, 100, 1000, 10),
            List.of(new CommitRecord.Row(Lane.TELEMETRY, 9, 2, 4, new byte[] {8})),
            Map.of("m", new byte[] {6}));
    byte[] bytes = record.encode();
    assertThat(Hex.plain(bytes))
        .isEqualTo(
            "01"
                + "010203"
                + "04"
                + "0500000000000000"
                + "0764"
                + "01D00F0A"
                + "01"
                + "02090204"
                + "0108"
                + "01"
                + "016D"
                + "0106");
    CommitRecord read = CommitRecord.decode(bytes).orThrow();
    assertThat(read.encode()).isEqualTo(bytes);
    for (int length = 0; length < bytes.length; length++) {
      assertThat(CommitRecord.decode(Arrays.copyOf(bytes, length)).isValid())
          .as("%d bytes", length)
          .isFalse();
    }
  }

  /** Three records, one of them of two pages, and an empty page. */
  private static byte[] file() {
    byte[] file = new byte[5 * JournalPages.PAGE];
    int at = 0;
    for (int number = 1; number <= 3; number++) {
      byte[] pages = JournalPages.record(EPOCH, number, payload(number));
      System.arraycopy(pages, 0, file, at, pages.length);
      at += pages.length;
    }
    System.arraycopy(JournalPages.empty(EPOCH), 0, file, at, JournalPages.PAGE);
    return file;
  }

  private static byte[] payload(int number) {
    byte[] bytes = new byte[number == 2 ? JournalPages.ROOM + 500 : 300];
    Arrays.fill(bytes, (byte) number);
    return bytes;
  }

  private static int recordAt(int page) {
    return page == 0 ? 1 : page <= 2 ? 2 : page == 3 ? 3 : 0;
  }

  /** Each bit of the file, one by one: its record is gone, the others are as they were. */
  @Test
  void aFlippedBitCostsItsRecordOnlyAndIsSeen() {
    byte[] file = file();
    for (int bit = 0; bit < file.length * 8; bit += 3) {
      file[bit / 8] ^= (byte) (1 << bit % 8);
      int page = bit / 8 / JournalPages.PAGE;
      JournalPages.Scan scan = JournalPages.scan(file);
      if (!scan.unreadable().equals(java.util.Set.of(page))) {
        assertThat(scan.unreadable()).as("bit %d", bit).containsExactly(page);
      }
      check(scan, recordAt(page), "bit " + bit);
      file[bit / 8] ^= (byte) (1 << bit % 8);
    }
  }

  @Test
  void aTruncatedFileGivesItsBeginning() {
    byte[] file = file();
    for (int length = 0; length < file.length; length += 7) {
      JournalPages.Scan scan = JournalPages.scan(Arrays.copyOf(file, length));
      List<Long> expected = new ArrayList<>();
      for (int page = 0; page < 4; page++) {
        boolean isLast = page == 3 || recordAt(page) != recordAt(page + 1);
        if (isLast && length >= (page + 1) * JournalPages.PAGE) {
          expected.add((long) recordAt(page));
        }
      }
      assertThat(new ArrayList<>(scan.of(EPOCH).keySet())).as("%d", length).isEqualTo(expected);
      assertThat(scan.pages() < 5 || !scan.unreadable().isEmpty()).as("seen, %d", length).isTrue();
    }
  }

  private static void check(JournalPages.Scan scan, int lost, String what) {
    TreeMap<Long, JournalPages.Found> found = scan.of(EPOCH);
    for (int number = 1; number <= 3; number++) {
      JournalPages.Found one = found.get((long) number);
      if (number == lost
          ? one != null
          : one == null || !Arrays.equals(one.bytes(), payload(number))) {
        assertThat(one).as("%s: record %d", what, number).isNull();
      }
    }
  }
}
