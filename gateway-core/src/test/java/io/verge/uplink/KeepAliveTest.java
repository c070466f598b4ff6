package io.verge.uplink;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeepAliveTest {
  private static final long S = 1_000;

  /** What becomes of it in a network that forgets a connection silent for so long. */
  private static KeepAlive learn(KeepAlive from, long natMs, int connections) {
    KeepAlive now = from;
    for (int i = 0; i < connections; i++) {
      if (now.nowMs() >= natMs) {
        now = now.died();
      } else {
        now = now.lasted().longer();
      }
    }
    return now;
  }

  /** Least 60 s, most 20 min: by the life of the network's memory. */
  @ParameterizedTest
  @CsvSource({
    "90, 60, 90",
    "130, 95, 130",
    "240, 180, 240",
    "330, 250, 330",
    "700, 520, 700",
    "1201, 1200, 1201",
    "100000, 1200, 1201"
  })
  void settlesUnderTheLifeOfTheNat(long natS, long fromS, long belowS) {
    KeepAlive settled = learn(KeepAlive.between(60 * S, 1200 * S), natS * S, 60);
    assertThat(settled.goodMs()).isBetween(fromS * S, belowS * S - 1);
    KeepAlive later = learn(settled, natS * S, 100);
    assertThat(later.goodMs()).as("and stays").isEqualTo(settled.goodMs());
    assertThat(later.nowMs()).isLessThan(natS * S);
  }

  @Test
  void oneDeathMayBeTheBrokersDoing() {
    KeepAlive grown = KeepAlive.between(60 * S, 1200 * S).lasted().longer();
    assertThat(grown.nowMs()).isEqualTo(120 * S);
    assertThat(grown.died().nowMs()).isEqualTo(120 * S);
    assertThat(grown.died().lasted().died().nowMs()).isEqualTo(120 * S);
    KeepAlive back = grown.died().died();
    assertThat(back.nowMs()).isEqualTo(60 * S);
    assertThat(back.badMs()).isEqualTo(120 * S);
  }

  @Test
  void anIntervalThatUsedToBeGoodIsHalvedWhenTheNetworkChanges() {
    KeepAlive proven = learn(KeepAlive.between(60 * S, 1200 * S), 900 * S, 60);
    KeepAlive moved = proven.died().died();
    assertThat(moved.nowMs()).isEqualTo(proven.nowMs() / 2);
    assertThat(learn(moved, 200 * S, 60).nowMs()).isLessThan(200 * S);
  }

  @Test
  void neverUnderTheLeast() {
    KeepAlive least = learn(KeepAlive.between(60 * S, 1200 * S), 10 * S, 60);
    assertThat(least.nowMs()).isEqualTo(60 * S);
  }

  @Test
  void isReadBackWithinTodaysBounds() {
    KeepAlive learned = learn(KeepAlive.between(60 * S, 1200 * S), 500 * S, 60);
    assertThat(KeepAlive.of(60 * S, 1200 * S, learned.numbers())).isEqualTo(learned);
    KeepAlive narrowed = KeepAlive.of(60 * S, 120 * S, learned.numbers());
    assertThat(narrowed.nowMs()).isEqualTo(120 * S);
    assertThat(KeepAlive.of(60 * S, 120 * S, new long[] {1}))
        .isEqualTo(KeepAlive.between(60 * S, 120 * S));
    assertThat(KeepAlive.of(60 * S, 60 * S, learned.numbers()).longer().nowMs()).isEqualTo(60 * S);
  }
}
