package io.verge.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.bytes.Hex;
import io.verge.model.Event;
import io.verge.model.Quality;
import io.verge.model.Sample;
import io.verge.model.Severity;
import io.verge.model.Stamp;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JournalRowTest {
  private static final JournalRow ROW =
      new JournalRow(
          List.of(
              new Sample(
                  3,
                  new Stamp(7, 1000, 1_790_000_000_000L, 50),
                  Quality.GOOD,
                  new long[] {605, 0, -3},
                  null),
              Sample.failed(4, new Stamp(7, 1040, Stamp.NO_UTC, 0), Quality.TIMEOUT, 3),
              new Sample(
                  5,
                  new Stamp(7, 1090, 1_790_000_000_091L, 50),
                  Quality.GOOD,
                  new long[] {1L << 53, Sample.NONE, -(1L << 53)},
                  new byte[] {0, 1, 0})),
          List.of(
              new Event(
                  new Stamp(8, 5, Stamp.NO_UTC, 0),
                  "command.done",
                  Severity.NOTICE,
                  Event.NO_DEVICE,
                  Map.of("id", "c-1", "level", 40L))));

  private static final JournalRow ONE =
      new JournalRow(
          List.of(
              new Sample(
                  1, new Stamp(2, 100, Stamp.NO_UTC, 0), Quality.GOOD, new long[] {5}, null)),
          List.of());

  @Test
  void comesBackExactly() {
    assertThat(JournalRow.decode(ROW.encode()).orThrow()).isEqualTo(ROW);
  }

  /** Rows of a store written by an older version stay readable: these bytes are version 1. */
  @Test
  void aRowOfVersionOneIsRead() {
    assertThat(JournalRow.decode(sealed("010100" + "0104C80100" + "00010B00")).orThrow())
        .isEqualTo(ONE);
  }

  /** What a card holds must be readable by later versions: these bytes are version 2. */
  @Test
  void oneSampleHasTheseBytes() {
    assertThat(Hex.plain(ONE.encode()))
        .isEqualTo(
            Hex.plain(
                sealed("0200" + "0100" + "02" + "02" + "04" + "C801" + "00" + "00" + "00" + "0C")));
  }

  private static byte[] sealed(String hex) {
    byte[] bytes = Hex.parse(hex).orThrow();
    return new io.verge.bytes.ByteWriter(32)
        .raw(bytes)
        .u32le(JournalRow.Crc.of(bytes, 0, bytes.length))
        .toBytes();
  }

  @Test
  void damageIsFound() {
    byte[] bytes = ROW.encode();
    for (int bit = 0; bit < bytes.length * 8; bit++) {
      byte[] flipped = bytes.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      assertThat(JournalRow.decode(flipped).isValid()).as("bit %d", bit).isFalse();
    }
    for (int length = 0; length < bytes.length; length++) {
      assertThat(JournalRow.decode(Arrays.copyOf(bytes, length)).isValid()).isFalse();
    }
    Random random = new Random(3);
    for (int i = 0; i < 20_000; i++) {
      byte[] noise = new byte[random.nextInt(80)];
      random.nextBytes(noise);
      assertThat(JournalRow.decode(noise).isValid()).isFalse();
    }
  }
}
