package io.verge.uplink;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.model.Lane;
import io.verge.store.StoreMarks;
import io.verge.wire.Ack;
import io.verge.wire.AckCodec;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BackoffTest {
  private static final long SECOND = 1_000_000_000L;

  private static long longest(Backoff backoff, long seed) {
    Random random = new Random(seed);
    long longest = 0;
    for (int i = 0; i < 2000; i++) {
      long nanos = backoff.nanos(random);
      assertThat(nanos).isPositive();
      longest = Math.max(longest, nanos);
    }
    return longest;
  }

  @Test
  void doublesFromASecondToFiveMinutesWithFullJitter() {
    Backoff backoff = Backoff.NONE;
    long[] limits = {1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300};
    for (int i = 0; i < limits.length; i++) {
      backoff = backoff.failed();
      assertThat(longest(backoff, i)).isBetween(limits[i] * SECOND * 9 / 10, limits[i] * SECOND);
    }
    for (int i = 0; i < 1000; i++) {
      backoff = backoff.failed();
    }
    assertThat(longest(backoff, 99)).isLessThanOrEqualTo(300 * SECOND);
  }

  @Test
  void refusedWaitsLongerUpToAnHour() {
    Backoff backoff = Backoff.NONE.refused();
    assertThat(backoff.nanos(new Random(1))).isBetween(15 * SECOND, 30 * SECOND);
    for (int i = 0; i < 40; i++) {
      backoff = backoff.refused();
    }
    assertThat(longest(backoff, 1)).isBetween(3500 * SECOND, 3600 * SECOND);
  }

  /** Connections that hold for {@code seconds}; how far away the next attempt then is. */
  private static long longestWaitAfter(long seconds) {
    Session session =
        new Session(
            SessionFixture.settings(false), new Self(1, "", ""), new Random(5), new Recorder());
    long now = SECOND;
    long longest = 0;
    for (int i = 0; i < 40; i++) {
      session.tick(now);
      session.up(now);
      session.marks(
          new StoreMarks(9, new long[] {1, 1, 1}, new long[] {1, 1, 1}, new long[3], 1), now);
      session.ack(AckCodec.encode(new Ack(9, Lane.EVENT, 0, 0, false)), now);
      now += seconds * SECOND;
      session.down(now, "reset", false);
      longest = Math.max(longest, session.nextNanos() - now);
      now = session.nextNanos();
    }
    return longest;
  }

  @Test
  void startsOverOnlyAfterAStableMinute() {
    assertThat(longestWaitAfter(61)).isLessThanOrEqualTo(SECOND);
    assertThat(longestWaitAfter(59)).isGreaterThan(200 * SECOND);
  }
}
