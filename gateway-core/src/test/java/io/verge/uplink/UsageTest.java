package io.verge.uplink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.verge.model.Stamp;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UsageTest {
  static long utc(String instant) {
    return Instant.parse(instant).toEpochMilli();
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-01T00:00:00Z, 1, 2026-11-01, 30, 0",
    "2026-11-30T23:59:59Z, 1, 2026-11-01, 30, 29",
    "2026-12-01T00:00:00Z, 1, 2026-12-01, 31, 0",
    "2026-11-14T23:59:59Z, 15, 2026-10-15, 31, 30",
    "2026-11-15T00:00:00Z, 15, 2026-11-15, 30, 0",
    "2027-02-28T12:00:00Z, 28, 2027-02-28, 28, 0",
    "2027-02-27T12:00:00Z, 28, 2027-01-28, 31, 30",
    "2028-02-29T12:00:00Z, 1, 2028-02-01, 29, 28"
  })
  void aMonthBeginsOnItsDay(String now, int day, String first, int days, int today) {
    BillingMonth month = BillingMonth.of(utc(now), day);
    assertThat(month.first()).hasToString(first);
    assertThat(month.days()).isEqualTo(days);
    assertThat(month.dayOf(utc(now))).isEqualTo(today);
    assertThat(BillingMonth.starting(month.first().toEpochDay())).isEqualTo(month);
  }

  @Test
  void countsByDayAndBeginsAnewWithTheMonth() {
    Usage usage =
        Usage.NONE
            .add(10, 5, utc("2026-11-29T10:00:00Z"), 1)
            .add(1, 1, utc("2026-11-30T10:00:00Z"), 1)
            .add(2, 0, utc("2026-11-30T23:00:00Z"), 1);
    assertThat(usage.total()).isEqualTo(19);
    assertThat(usage.sent()).isEqualTo(13);
    assertThat(usage.days()).hasSize(30).endsWith(15, 4);
    Usage next = usage.add(7, 1, utc("2026-12-01T00:00:01Z"), 1);
    assertThat(next.total()).isEqualTo(8);
    assertThat(next.days()).containsExactly(8);
  }

  @Test
  void withoutAClockBytesAreOfTheLastKnownDayAndFirstOnesOfTheFirst() {
    Usage unknown = Usage.NONE.add(10, 10, Stamp.NO_UTC, 1).add(1, 0, Stamp.NO_UTC, 1);
    assertThat(unknown.total()).isEqualTo(21);
    assertThat(unknown.projection(utc("2026-11-20T00:00:00Z"))).isEqualTo(21);
    Usage known = unknown.add(1, 0, utc("2026-11-03T00:00:00Z"), 1);
    assertThat(known.total()).isEqualTo(22);
    assertThat(known.firstDay())
        .isEqualTo(BillingMonth.of(utc("2026-11-03T00:00:00Z"), 1).first().toEpochDay());
    Usage lost = known.add(5, 0, Stamp.NO_UTC, 1);
    assertThat(lost.days()).containsExactly(21, 0, 6);
  }

  /** A clock corrected from December to November does not forget what November has cost. */
  @Test
  void aClockThatGoesBackLosesNothing() {
    Usage usage = Usage.NONE.add(10, 0, utc("2026-12-01T00:10:00Z"), 1);
    Usage back = usage.add(5, 0, utc("2026-11-30T23:50:00Z"), 1);
    assertThat(back.total()).isEqualTo(15);
    assertThat(back.firstDay()).isEqualTo(usage.firstDay());
  }

  @Test
  void goesOnAsInTheLastThreeDays() {
    Usage usage = Usage.NONE;
    for (int day = 1; day <= 9; day++) {
      usage = usage.add(day <= 6 ? 100 : 400, 0, utc("2026-11-0" + day + "T12:00:00Z"), 1);
    }
    long now = utc("2026-11-10T00:00:00Z");
    assertThat(usage.rate(now)).isEqualTo(400);
    assertThat(usage.projection(now)).isEqualTo(1_800 + 400 * 21);
    Usage first = Usage.NONE.add(50, 50, utc("2026-11-01T12:00:00Z"), 1);
    assertThat(first.rate(utc("2026-11-01T12:00:00Z"))).isCloseTo(200, within(1e-9));
    assertThat(first.rate(utc("2026-11-01T00:00:10Z"))).as("no rash judgement").isEqualTo(400);
  }

  @Test
  void aGatewayThatBeginsWithinTheMonthIsJudgedByItsOwnDays() {
    Usage begun = Usage.NONE.add(100, 0, utc("2026-11-20T12:00:00Z"), 1);
    assertThat(begun.rate(utc("2026-11-20T12:00:00Z"))).isCloseTo(200, within(1e-6));
    Usage next = begun.add(300, 0, utc("2026-11-21T12:00:00Z"), 1);
    assertThat(next.rate(utc("2026-11-21T12:00:00Z"))).isEqualTo(100);
    assertThat(next.rate(utc("2026-11-22T12:00:00Z"))).isEqualTo(200);
  }

  @Test
  void isReadBackAndWhatIsNoneReadsAsNone() {
    Usage usage = Usage.NONE.add(10, 5, utc("2026-11-29T10:00:00Z"), 1);
    assertThat(Usage.of(usage.numbers())).isEqualTo(usage);
    assertThat(usage.numbers()).hasSizeLessThanOrEqualTo(34);
    assertThat(Usage.of(new long[] {1, 2})).isEqualTo(Usage.NONE);
    assertThat(Usage.of(new long[] {1, -2, 3})).isEqualTo(Usage.NONE);
    assertThat(Usage.of(new long[40])).isEqualTo(Usage.NONE);
  }
}
