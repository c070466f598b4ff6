package io.verge.uplink;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A pace against a model of a link: one queue, one rate, a round trip. Milliseconds. */
class PaceTest {
  private static final long MS = 1_000_000;

  /** What is on its way: when it has left the queue, when its answer is here. */
  private record Flying(long token, long leftMs, long takenMs) {}

  private static final class Model {
    final Pace pace = new Pace();
    final Random random = new Random(1);
    final Deque<Flying> flying = new ArrayDeque<>();
    final long rttMs;
    final long jitterMs;
    long rate;
    long nowMs = 1000;
    long queueFreeMs;
    long busyMs;
    long longestQueueMs;
    long token;

    Model(long rate, long rttMs, long jitterMs) {
      this.rate = rate;
      this.rttMs = rttMs;
      this.jitterMs = jitterMs;
      hand(100);
      run(nowMs + 2 * rttMs + 2 * jitterMs + 1000, 0);
    }

    void hand(int bytes) {
      token++;
      pace.handed(token, bytes, nowMs * MS);
      long takes = bytes * 1000L / rate;
      queueFreeMs = Math.max(queueFreeMs, nowMs) + takes;
      busyMs += takes;
      longestQueueMs = Math.max(longestQueueMs, queueFreeMs - nowMs);
      long answer = queueFreeMs + rttMs + (jitterMs == 0 ? 0 : random.nextLong(jitterMs));
      if (!flying.isEmpty()) {
        answer = Math.max(answer, flying.getLast().takenMs());
      }
      flying.add(new Flying(token, queueFreeMs, answer));
    }

    /** Hands over batches of this size, 0: none, whenever there is room and the window allows. */
    void run(long untilMs, int bytes) {
      for (; nowMs < untilMs; nowMs++) {
        while (!flying.isEmpty() && flying.getFirst().takenMs() <= nowMs) {
          pace.taken(flying.remove().token(), nowMs * MS);
        }
        while (bytes > 0 && flying.size() < Flow.WINDOW && pace.hasRoom(nowMs * MS)) {
          hand(bytes);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "8000, 600, 0, 12000",
    "8000, 1200, 0, 12000",
    "8000, 600, 300, 12000",
    "1200, 600, 0, 4096",
    "20000, 100, 50, 30000",
    "8000, 4000, 1000, 12000",
  })
  void fillsTheLinkAndKeepsItsQueueShort(long rate, long rttMs, long jitterMs, int bytes) {
    Model model = new Model(rate, rttMs, jitterMs);
    model.run(model.nowMs + 60_000, bytes);
    model.busyMs = 0;
    model.longestQueueMs = 0;
    long begin = model.nowMs;
    model.run(begin + 600_000, bytes);
    assertThat(model.pace.rate()).isBetween(rate * 7 / 10, rate * 14 / 10);
    assertThat(model.busyMs / 6000.0).as("%% of the time busy").isGreaterThan(90);
    assertThat(model.longestQueueMs - bytes * 1000L / rate)
        .as("ms ahead of a batch")
        .isLessThan(450 + 3 * jitterMs);
  }

  @Test
  void followsALinkThatBecomesSlowAndFast() {
    Model model = new Model(8000, 300, 0);
    model.run(model.nowMs + 60_000, 8000);
    assertThat(model.pace.rate()).isBetween(7000L, 9000L);
    model.rate = 1200;
    model.run(model.nowMs + 120_000, 8000);
    assertThat(model.pace.rate()).isBetween(1000L, 1500L);
    model.rate = 200_000;
    model.run(model.nowMs + 60_000, 8000);
    assertThat(model.pace.rate()).isGreaterThan(100_000);
  }

  @Test
  void aFastLinkIsNotPaced() {
    Model model = new Model(100_000_000, 1, 0);
    model.run(model.nowMs + 1000, 32_768);
    assertThat(model.pace.rate()).isGreaterThanOrEqualTo(4_000_000);
    long before = model.token;
    model.run(model.nowMs + 100, 32_768);
    assertThat(model.token - before).isGreaterThan(300);
  }

  @Test
  void anUnknownLinkGetsOneLargeBatchAtATime() {
    Pace pace = new Pace();
    assertThat(pace.hasRoom(0)).isTrue();
    pace.handed(1, 32_768, 0);
    assertThat(pace.hasRoom(60_000 * MS)).isFalse();
    pace.dropped(1);
    assertThat(pace.hasRoom(60_000 * MS)).isTrue();
  }
}
