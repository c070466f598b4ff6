package io.verge.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class WrittenBytesTest {
  private static final long BOOT = 77;
  private static final long DAY = 20_783;
  private static final int HOUR = 3600;

  private WrittenBytes written = WrittenBytes.of(new long[0]);

  private void seen(long boot, long seconds, long bytes, long day) {
    written = WrittenBytes.of(written.seen(boot, seconds, bytes, day).numbers());
  }

  @Test
  void whatWasWrittenBeforeTheFirstLookIsNobodysDay() {
    seen(BOOT, 100, 5_000, DAY);
    assertThat(written.today()).isZero();
    seen(BOOT, 200, 5_700, DAY);
    assertThat(written.today()).isEqualTo(700);
    assertThat(written.perDay()).as("too short to tell").isZero();
    seen(BOOT, 100 + HOUR, 6_000, DAY);
    assertThat(written.perDay()).isEqualTo(24_000);
  }

  @Test
  void aRestartGoesOnAndABootBeginsANewCounter() {
    seen(BOOT, 100, 1_000, DAY);
    seen(BOOT, 5_000, 3_000, DAY);
    seen(BOOT + 1, 60, 400, DAY);
    assertThat(written.today()).as("2000 before the boot, 400 since").isEqualTo(2_400);
    seen(BOOT + 1, 70, 300, DAY);
    assertThat(written.today()).as("a counter that fell began anew").isEqualTo(2_700);
  }

  @Test
  void wholeDaysMakeTheMean() {
    seen(BOOT, 0, 0, DAY);
    long bytes = 0;
    for (int d = 0; d < 9; d++) {
      bytes += 1_000 + 100 * d;
      seen(BOOT, d * 86_400L + HOUR, bytes, DAY + d);
    }
    assertThat(written.today()).isEqualTo(1_800);
    assertThat(written.perDay()).as("days 2 to 7").isEqualTo(1_450);
    seen(BOOT, 11 * 86_400L, bytes + 60, DAY + 11);
    assertThat(written.today()).isEqualTo(60);
    assertThat(written.perDay()).isEqualTo((1_800 + 1_700 + 1_600 + 1_500) / 6);
  }

  @Test
  void withoutAClockTheDayGoesOnAndAClockSetBackBeginsAnew() {
    seen(BOOT, 0, 0, WrittenBytes.NO_DAY);
    seen(BOOT, HOUR, 500, WrittenBytes.NO_DAY);
    assertThat(written.today()).isEqualTo(500);
    seen(BOOT, 2 * HOUR, 900, DAY);
    assertThat(written.today()).as("the first clock keeps it").isEqualTo(900);
    seen(BOOT, 3 * HOUR, 1_000, DAY - 5_000);
    assertThat(written.today()).isEqualTo(100);
    seen(BOOT, 4 * HOUR, 1_300, DAY);
    assertThat(written.today()).isEqualTo(300);
    assertThat(written.perDay()).isEqualTo(300 * 24);
  }

  @Test
  void nothingIsLostOrInventedWhateverTheBoots() {
    Random random = new Random(3);
    long counter = 0;
    long boot = 1;
    long all = 0;
    seen(boot, 0, 0, DAY);
    for (int i = 0; i < 2_000; i++) {
      if (random.nextInt(20) == 0) {
        boot++;
        counter = 0;
      }
      long more = random.nextInt(100_000);
      counter += more;
      all += more;
      seen(boot, i, counter, random.nextBoolean() ? DAY : WrittenBytes.NO_DAY);
    }
    assertThat(written.today()).isEqualTo(all);
  }

  @Test
  void numbersOfAnotherShapeAreAStartFromNothing() {
    assertThat(WrittenBytes.of(new long[] {1, 2, 3}).today()).isZero();
  }
}
