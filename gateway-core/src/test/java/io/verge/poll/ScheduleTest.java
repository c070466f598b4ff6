package io.verge.poll;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ScheduleTest {
  private static final long MS = 1_000_000;

  @Test
  void phasesAreSpreadOverTheInterval() {
    Schedule schedule = new Schedule(new long[] {100, 100, 100, 100}, 0);
    for (int i = 0; i < 4; i++) {
      assertThat(schedule.due(i * 25 * MS - 1)).isEqualTo(-1);
      assertThat(schedule.due(i * 25 * MS)).isEqualTo(i);
      schedule.done(i, i * 25 * MS);
    }
    assertThat(schedule.nextNanos()).isEqualTo(100 * MS);
  }

  @Test
  void aLatePollIsSkippedNotQueued() {
    Schedule schedule = new Schedule(new long[] {100}, 0);
    schedule.done(0, 350 * MS);
    assertThat(schedule.nextNanos()).isEqualTo(400 * MS);
    assertThat(schedule.skipped()).isEqualTo(3);
  }

  @Test
  void aLittleLateMovesNothing() {
    Schedule schedule = new Schedule(new long[] {100}, 0);
    schedule.done(0, 30 * MS);
    assertThat(schedule.nextNanos()).isEqualTo(100 * MS);
    assertThat(schedule.skipped()).isZero();
  }

  @Test
  void withoutDevicesNothingIsDue() {
    Schedule schedule = new Schedule(new long[0], 0);
    assertThat(schedule.due(Long.MAX_VALUE - 1)).isEqualTo(-1);
    assertThat(schedule.nextNanos()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void aDeadDeviceIsProbedAtDoublingDistancesAndLimitedShare() {
    Breaker breaker = Breaker.CLOSED;
    long now = 0;
    long every = 1000 * MS;
    long cost = 600 * MS;
    for (int i = 0; i < Breaker.FAILURES_TO_OPEN; i++) {
      assertThat(breaker.isOpen()).isFalse();
      breaker = breaker.failed(now, every, cost);
    }
    assertThat(breaker.isOpen()).isTrue();
    assertThat(breaker.mayAsk(now + 50 * cost - 1)).isFalse();
    assertThat(breaker.mayAsk(now + 50 * cost)).isTrue();
    for (int i = 0; i < 50; i++) {
      breaker = breaker.failed(now, every, cost);
      assertThat(breaker.probeNanos() - now).isGreaterThanOrEqualTo(50 * cost);
      assertThat(breaker.probeNanos() - now).isLessThanOrEqualTo(15L * 60 * 1000 * MS);
    }
  }
}
