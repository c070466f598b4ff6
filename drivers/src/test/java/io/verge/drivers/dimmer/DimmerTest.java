package io.verge.drivers.dimmer;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.driver.BusException;
import io.verge.driver.Order;
import io.verge.drivers.ScriptedLines;
import io.verge.drivers.TableSettings;
import io.verge.drivers.dimmer.Curve.Pair;
import io.verge.model.Outcome;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DimmerTest {
  private static final String CALIBRATED =
      """
      channel = 1
      frequency = 500
      [[curve]]
      level = 10
      duty = 12.5
      [[curve]]
      level = 50
      duty = 40
      [[curve]]
      level = 100
      duty = 96.4
      """;

  private final ScriptedLines lines = new ScriptedLines();

  @Test
  void aLampNobodySpokeForIsFullyOn() throws BusException {
    assertThat(driver("channel = 0", null).poll(lines).values()).containsExactly(100, 1000);
    assertThat(lines.modulated(0)).containsExactly(1_000_000, 1_000_000);
    for (long[] damaged : new long[][] {{}, {-1}, {101}, {1, 2}}) {
      assertThat(driver("channel = 0", damaged).poll(lines).values()[0]).isEqualTo(100);
    }
  }

  @Test
  void levelsAreDrivenAndSurviveARestart() throws BusException {
    DimmerDriver driver = driver("channel = 0", null);
    assertThat(driver.execute(lines, level(40L))).isEqualTo(Outcome.done(Map.of("level", 40L)));
    assertThat(lines.modulated(0)).containsExactly(1_000_000, 400_000);
    long[] keep = driver.poll(lines).keep();
    ScriptedLines reopened = new ScriptedLines();
    assertThat(driver("channel = 0", keep).poll(reopened).values()).containsExactly(40, 400);
    assertThat(reopened.modulated(0)).containsExactly(1_000_000, 400_000);
    for (Object wrong : new Object[] {-1L, 101L, "40", 40.0}) {
      assertThat(driver.execute(lines, level(wrong)).state()).isEqualTo(Outcome.State.REJECTED);
    }
    assertThat(driver.execute(lines, new Order("dance", Map.of())).state())
        .isEqualTo(Outcome.State.REJECTED);
    assertThat(driver.poll(lines).values()[0]).isEqualTo(40);
  }

  @Test
  void theCalibrationHolds() throws BusException {
    DimmerDriver driver = driver(CALIBRATED, null);
    Map<Long, Long> dutyOf =
        Map.of(0L, 0L, 1L, 125L, 10L, 125L, 30L, 263L, 50L, 400L, 75L, 682L, 100L, 964L);
    for (Map.Entry<Long, Long> one : dutyOf.entrySet()) {
      driver.execute(lines, level(one.getKey()));
      assertThat(driver.poll(lines).values()).containsExactly(one.getKey(), one.getValue());
      assertThat(lines.modulated(1)).containsExactly(2_000_000, one.getValue() * 2_000);
    }
    DimmerDriver inverted =
        driver(CALIBRATED.replace("frequency", "inverted = true\nfrequency"), null);
    inverted.execute(lines, level(0L));
    assertThat(lines.modulated(1)).as("dark is high").containsExactly(2_000_000, 2_000_000);
  }

  @Test
  void aCurveNeverFallsAndMeetsItsPairs() {
    Curve curve = new Curve(List.of(new Pair(5, 90), new Pair(6, 90), new Pair(37, 511)));
    for (int level = 1; level <= 100; level++) {
      assertThat(curve.duty(level)).isBetween(curve.duty(level - 1), 511);
      assertThat(Curve.STRAIGHT.duty(level)).isEqualTo(10 * level);
    }
    assertThat(curve.duty(5)).isEqualTo(90);
    assertThat(curve.duty(37)).isEqualTo(511);
  }

  @Test
  void eachMistakeOfACurveIsTold() {
    assertThat(problems("channel = 0\n[[curve]]\nlevel = 5\nduty = 3"))
        .containsExactly("curve: one pair makes no line, expected two or more");
    assertThat(problems(CALIBRATED.replace("level = 50", "level = 10")))
        .containsExactly("curve: level 10 after 10, expected rising levels");
    assertThat(problems(CALIBRATED.replace("duty = 40", "duty = 4")))
        .containsExactly("curve: level 50 is darker than level 10");
    assertThat(problems(CALIBRATED.replace("12.5", "12.55")))
        .containsExactly("duty: finer than 0.1 %");
    assertThat(problems("frequency = 20")).hasSize(2);
    assertThat(problems(CALIBRATED)).isEmpty();
    assertThat(new DimmerDriverFactory().place(TableSettings.of("channel = 1")))
        .isEqualTo("channel 1");
  }

  private static List<String> problems(String toml) {
    TableSettings settings = TableSettings.of(toml);
    new DimmerDriverFactory().create(settings, null, null);
    return settings.problems();
  }

  private static DimmerDriver driver(String settings, long @Nullable [] keep) {
    return (DimmerDriver)
        Objects.requireNonNull(
            new DimmerDriverFactory().create(TableSettings.of(settings), null, keep));
  }

  private static Order level(Object level) {
    return new Order("set-level", Map.of("level", level));
  }
}
