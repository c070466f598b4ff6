package io.verge.time;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.model.Stamp;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TrustedClockTest {
  private static final long NOW_MS = 1_790_000_000_000L;
  private static final long YEAR_MS = 365L * 86_400_000;
  private static final long SECOND = 1_000_000_000L;

  private long nanos = 5 * SECOND;
  private long machineMs = NOW_MS;
  private boolean synced;

  private final Ticker ticker =
      new Ticker() {
        @Override
        public long nanos() {
          return nanos;
        }

        @Override
        public void sleepUntil(long deadlineNanos) {
          nanos = Math.max(nanos, deadlineNanos);
        }
      };

  private TrustedClock clock(boolean trustSystem) {
    return new TrustedClock(trustSystem, ticker, () -> machineMs, () -> synced);
  }

  @Test
  void nothingIsBelievedWithoutProof() {
    TrustedClock clock = clock(false);
    assertThat(clock.isTrusted()).isFalse();
    assertThat(new Stamper(3, ticker, clock).now()).isEqualTo(new Stamp(3, 5000, Stamp.NO_UTC, 0));
    synced = true;
    nanos += 11 * SECOND;
    assertThat(clock.isTrusted()).isTrue();
    assertThat(clock.uncertaintyMs()).isEqualTo(100);
    assertThat(clock.utcMs()).isEqualTo(NOW_MS);
  }

  @Test
  void aClockAt1970Or2000IsNoClockWhateverTheConfigurationSays() {
    TrustedClock clock = clock(true);
    for (long wrong : new long[] {0, 946_684_800_000L, -1}) {
      machineMs = wrong;
      assertThat(clock.isTrusted()).isFalse();
      clock.offer(wrong, 1);
      assertThat(clock.isTrusted()).isFalse();
    }
  }

  @Test
  void aBackEndOverrulesAClockTenYearsAheadThatNobodySet() {
    TrustedClock clock = clock(true);
    machineMs = NOW_MS + 10 * YEAR_MS;
    clock.offer(NOW_MS, 40);
    assertThat(clock.utcMs()).isEqualTo(NOW_MS);
    assertThat(clock.uncertaintyMs()).isEqualTo(40);
    machineMs = NOW_MS + 30_000;
    assertThat(clock.utcMs()).isEqualTo(NOW_MS + 30_000);
  }

  @Test
  void aSynchronisedClockIsOverruledByNobody() {
    synced = true;
    TrustedClock clock = clock(false);
    clock.offer(NOW_MS + 10 * YEAR_MS, 1);
    assertThat(clock.utcMs()).isEqualTo(NOW_MS);
  }

  @Test
  void aToldTimeGrowsOlderAndGivesWayToAFresherOne() {
    TrustedClock clock = clock(false);
    clock.offer(NOW_MS, 50);
    clock.offer(NOW_MS + 500, 900);
    assertThat(clock.utcMs()).isEqualTo(NOW_MS);
    nanos += 86_400 * SECOND;
    assertThat(clock.utcMs()).isEqualTo(NOW_MS + 86_400_000);
    assertThat(clock.uncertaintyMs()).isEqualTo(50 + 8640);
    clock.offer(NOW_MS + 86_405_000, 900);
    assertThat(clock.utcMs()).isEqualTo(NOW_MS + 86_405_000);
    assertThat(clock.uncertaintyMs()).isEqualTo(900);
  }

  @Test
  void stepsAreNoticedAndSmallCorrectionsAreNot() {
    ClockSteps steps = new ClockSteps();
    assertThat(steps.look(new Stamp(1, 0, Stamp.NO_UTC, 0))).isNull();
    assertThat(steps.look(new Stamp(1, 1000, NOW_MS, 1)))
        .isEqualTo(new ClockSteps.Change("clock.trusted", 0));
    assertThat(steps.look(new Stamp(1, 2000, NOW_MS + 1900, 1))).isNull();
    assertThat(steps.look(new Stamp(1, 3000, NOW_MS + 2900 - 10 * YEAR_MS, 1)))
        .isEqualTo(new ClockSteps.Change("clock.step", -10 * YEAR_MS));
    assertThat(steps.look(new Stamp(1, 4000, Stamp.NO_UTC, 0)))
        .isEqualTo(new ClockSteps.Change("clock.untrusted", 0));
  }

  @Test
  void aBootIsOneNumberOf32Bits() {
    long first = Boot.number(new Random(1));
    assertThat(first).isBetween(0L, 0xFFFF_FFFFL);
    if (java.nio.file.Files.exists(java.nio.file.Path.of("/proc/sys/kernel/random/boot_id"))) {
      assertThat(Boot.number(new Random(2))).isEqualTo(first);
    }
  }
}
