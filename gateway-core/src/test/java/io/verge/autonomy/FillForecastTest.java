package io.verge.autonomy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.verge.autonomy.FillForecast.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FillForecastTest {
  private static final long HOUR_MS = 3_600_000;
  private static final int DAY = 24;

  @Test
  void aSteadyContainerIsForetoldExactly() {
    List<Level> past = new ArrayList<>();
    for (int hour = 0; hour <= 5 * DAY; hour++) {
      past.add(new Level(hour * HOUR_MS, hour * 10.0 / DAY));
    }
    FillForecast forecast = FillForecast.of(past, 85);
    // The last reading is smoothed with its neighbours: up to two hours old.
    assertThat(forecast.days()).isCloseTo(3.5, within(0.1));
    assertThat(forecast.earliestDays()).isBetween(0.85 * forecast.days(), forecast.days());
    assertThat(forecast.latestDays()).isBetween(forecast.days(), 1.15 * forecast.days());
    assertThat(FillForecast.of(past, 40).days()).isZero();
  }

  /** Per cent an hour on a day like this: some days much comes, on some nothing. */
  private static double anHour(Random random) {
    return random.nextInt(4) == 0 ? 0 : 25 * random.nextDouble() / DAY;
  }

  /** What held of the band, in per cent of many containers that are emptied at 80 %. */
  private static double held(double full) {
    int within = 0;
    int runs = 300;
    for (int seed = 0; seed < runs; seed++) {
      Random random = new Random(seed);
      List<Level> past = new ArrayList<>();
      double fill = 0;
      double rate = 0;
      for (int hour = 0; hour < 28 * DAY || fill < 5 || fill > 0.6 * full; hour++) {
        rate = hour % DAY == 0 ? anHour(random) : rate;
        fill = fill >= 80 ? 0 : fill + rate;
        past.add(new Level(hour * HOUR_MS, fill));
      }
      FillForecast forecast = FillForecast.of(past, full);
      int hours = 0;
      for (; fill < full; hours++) {
        rate = (past.size() + hours) % DAY == 0 ? anHour(random) : rate;
        fill += rate;
      }
      double days = hours / (double) DAY;
      within += days >= forecast.earliestDays() && days <= forecast.latestDays() ? 1 : 0;
    }
    return 100.0 * within / runs;
  }

  @Test
  void theBandHoldsForSomeFourInFive() {
    assertThat(held(60)).as("seen before").isGreaterThan(75);
    assertThat(held(95)).as("never seen: emptied at 80").isGreaterThan(75);
  }

  @Test
  void withoutADayInOnePieceNothingIsTold() {
    assertThat(FillForecast.of(List.of(), 85).isKnown()).isFalse();
    List<Level> past = new ArrayList<>();
    for (int day = 0; day < 20; day++) {
      past.add(new Level(day * DAY * HOUR_MS, 5 * day));
    }
    assertThat(FillForecast.of(past, 85).isKnown()).as("a reading a day").isFalse();
  }

  @Test
  void whatDoesNotFillHasNoDay() {
    List<Level> past = new ArrayList<>();
    for (int hour = 0; hour <= 5 * DAY; hour++) {
      past.add(new Level(hour * HOUR_MS, 30));
    }
    assertThat(FillForecast.of(past, 85).days()).isInfinite();
  }
}
