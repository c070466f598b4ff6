package io.verge.uplink;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.model.Lane;
import io.verge.model.Stamp;
import io.verge.store.Pace;
import io.verge.store.SealPolicy;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ThriftTest {
  private static final long FIRST = LocalDate.parse("2026-11-01").toEpochDay();
  private static final long DAY_MS = 86_400_000;

  private static long midnight(int day) {
    return LocalDate.ofEpochDay(FIRST).plusDays(day).atStartOfDay(ZoneOffset.UTC).toEpochSecond()
        * 1000;
  }

  /** The first {@code day} days at the same rate. */
  private static Usage even(int day, long bytesADay) {
    Usage usage = Usage.NONE;
    for (int d = 0; d < day; d++) {
      usage = usage.add(bytesADay, 0, midnight(d) + 1, 1);
    }
    return usage;
  }

  /** 30 days, budget 3000: 100 a day is just right. Ten days have passed, 20 are left. */
  @ParameterizedTest
  @CsvSource({
    "0, NONE",
    "100, NONE",
    "102, NONE",
    "110, STRETCHED",
    "150, RARE",
    "200, SPARSE",
    "280, SPARSE",
    "285, NO_TELEMETRY",
    "299, NO_TELEMETRY",
    "300, EVENTS_ONLY",
    "9000, EVENTS_ONLY"
  })
  void theStageFollowsFromWhatIsLeft(long bytesADay, Thrift expected) {
    Thrift.State state = Thrift.next(Thrift.State.START, even(10, bytesADay), 3_000, midnight(10));
    assertThat(state.stage()).isEqualTo(expected);
  }

  @Test
  void withoutABudgetNothingIsSaved() {
    assertThat(Thrift.next(Thrift.State.START, even(10, 1 << 30), 0, midnight(10)))
        .isEqualTo(Thrift.State.START);
  }

  @Test
  void easesAStageADayAndOnlyWithRoomToSpare() {
    Thrift.State sparse = new Thrift.State(Thrift.SPARSE, midnight(10));
    Usage calm = even(11, 20);
    long soon = midnight(10) + DAY_MS - 1;
    assertThat(Thrift.next(sparse, calm, 3_000, soon)).isEqualTo(sparse);
    Thrift.State eased = Thrift.next(sparse, calm, 3_000, soon + 1);
    assertThat(eased.stage()).isEqualTo(Thrift.RARE);
    assertThat(Thrift.next(eased, calm, 3_000, soon + 2)).isEqualTo(eased);
    Usage tight = even(12, 95);
    assertThat(Thrift.next(sparse, tight, 3_000, midnight(12)))
        .as("95 of 100 a day leave no room")
        .isEqualTo(sparse);
  }

  @Test
  void aNewMonthBeginsFreely() {
    Thrift.State spent = new Thrift.State(Thrift.EVENTS_ONLY, midnight(20));
    Usage fresh = even(20, 200).add(1, 0, midnight(30) + DAY_MS / 2, 1);
    assertThat(Thrift.next(spent, fresh, 3_000, midnight(30) + DAY_MS / 2).stage())
        .isEqualTo(Thrift.NONE);
  }

  @Test
  void withoutAClockOnlyWhatIsSpentCounts() {
    Usage fast = Usage.NONE.add(2_900, 0, Stamp.NO_UTC, 1);
    assertThat(Thrift.next(Thrift.State.START, fast, 3_000, Stamp.NO_UTC).stage())
        .isEqualTo(Thrift.NONE);
    assertThat(Thrift.next(Thrift.State.START, even(2, 1_500), 3_000, Stamp.NO_UTC).stage())
        .isEqualTo(Thrift.EVENTS_ONLY);
  }

  @ParameterizedTest
  @CsvSource({
    "NONE, 300000, 900000, false, false",
    "STRETCHED, 600000, 900000, false, false",
    "RARE, 1800000, 1800000, false, false",
    "SPARSE, 3600000, 3600000, false, false",
    "NO_TELEMETRY, 14400000, 3600000, false, true",
    "EVENTS_ONLY, 14400000, 43200000, true, true"
  })
  void intervalsStretchBeforeAnythingIsHeld(
      Thrift stage, long telemetry, long meter, boolean holdsMeter, boolean holdsTelemetry) {
    SealPolicy policy = SealPolicy.DEFAULT.at(stage.pace(0));
    assertThat(policy.telemetryMs()).isEqualTo(telemetry);
    assertThat(policy.meterMs()).isEqualTo(meter);
    assertThat(stage.holds(Lane.METER)).isEqualTo(holdsMeter);
    assertThat(stage.holds(Lane.TELEMETRY)).isEqualTo(holdsTelemetry);
    assertThat(stage.holds(Lane.EVENT)).isFalse();
    SealPolicy.View watched =
        new SealPolicy.View(Lane.TELEMETRY, 1, 61_000, 10, true, true, false, 32 * 1024, false);
    assertThat(policy.waitMs(watched) == 0)
        .as("who watches may not spend what is short")
        .isEqualTo(stage == Thrift.NONE);
  }

  @Test
  void theRarestOfSeveralUplinksHolds() {
    Pace both = new Pace(6, 1, 0).and(new Pace(2, 2, 3_600_000));
    assertThat(both).isEqualTo(new Pace(6, 2, 3_600_000));
    assertThat(SealPolicy.DEFAULT.at(both).meterMs()).isEqualTo(3_600_000);
    assertThat(SealPolicy.DEFAULT.at(Pace.USUAL)).isSameAs(SealPolicy.DEFAULT);
  }

  /** A month of a street that sends 1 MB a day as configured and less the rarer it seals. */
  @Test
  void aMonthStaysWithinABudgetThatSavingCanReach() {
    double[] share = {1, 0.75, 0.55, 0.45, 0.1, 0.02};
    Usage usage = Usage.NONE;
    Thrift.State state = Thrift.State.START;
    long budget = 18_000_000;
    for (int hour = 0; hour < 30 * 24; hour++) {
      long now = midnight(0) + hour * 3_600_000L;
      usage = usage.add(Math.round(1_000_000 / 24.0 * share[state.stage().ordinal()]), 0, now, 1);
      state = Thrift.next(state, usage, budget, now);
    }
    assertThat(usage.total())
        .as("events go on when it is spent")
        .isBetween(budget * 8 / 10, budget + budget / 100);
  }
}
