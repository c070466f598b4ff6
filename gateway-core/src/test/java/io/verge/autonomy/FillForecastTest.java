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
    assertThat(forecast.earliestDays()).isCloseTo(forecast.days(), within(0.01));
    assertThat(FillForecast.of(past, 40).days()).isZero();
  }

  /** Days in which nothing and 20 per cent come in turn by chance: the band holds 8 of 10. */
  @Test
  void theBandHoldsWhatItSays() {
    int within = 0;
    int runs = 300;
    for (int seed = 0; seed < runs; seed++) {
      Random random = new Random(seed);
      List<Level> past = new ArrayList<>();
      double fill = 0;
      for (int hour = 0; hour < 28 * DAY; hour++) {
        fill = hour % (7 * DAY) == 0 ? 0 : fill + 2 * random.nextDouble() * 10 / DAY;
        past.add(new Level(hour * HOUR_MS, Math.min(100, fill)));
      }
      FillForecast forecast = FillForecast.of(past, 90);
      int hours = 0;
      while (fill < 90) {
        fill += 2 * random.nextDouble() * 10 / DAY;
        hours++;
      }
      double days = hours / (double) DAY;
      within += days >= forecast.earliestDays() && days <= forecast.latestDays() ? 1 : 0;
    }
    assertThat(within).as("of %d", runs).isGreaterThan(runs / 2);
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
