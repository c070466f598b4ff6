package io.verge.drivers.pulse;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.driver.BusException;
import io.verge.driver.Order;
import io.verge.driver.Readout;
import io.verge.drivers.ScriptedLines;
import io.verge.drivers.TableSettings;
import io.verge.model.Outcome;
import io.verge.model.Quality;
import io.verge.model.Sample;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PulseTest {
  private static final int LINE = 22;
  private static final String TEN_LITRES = "line = 22\nlitres_per_pulse = 10";
  private static final long SECOND = 1_000_000;

  private final ScriptedLines lines = new ScriptedLines();

  @Test
  void volumeAndFlow() throws BusException {
    PulseDriver driver = driver(TEN_LITRES, null);
    assertThat(driver.poll(lines).values()).containsExactly(0, Sample.NONE, 0);
    pulse(36 * SECOND);
    assertThat(driver.poll(lines).values()).containsExactly(10, Sample.NONE, 0);
    pulse(36 * SECOND);
    pulse(36 * SECOND);
    Readout flowing = driver.poll(lines);
    assertThat(flowing.quality()).isEqualTo(Quality.GOOD);
    assertThat(flowing.values()).as("10 l in 36 s is 1 m3/h").containsExactly(30, 1000, 0);
    assertThat(flowing.keep()).containsExactly(30_000, 0);
    lines.after(144 * SECOND - 36 * SECOND);
    assertThat(driver.poll(lines).values()[1]).as("at most one pulse").isBetween(249L, 335L);
    lines.after(3600 * SECOND);
    assertThat(driver.poll(lines).values()).containsExactly(30, 0, 0);
  }

  @Test
  void theTotalSurvivesARestartAndAnotherPulseValue() throws BusException {
    PulseDriver before = driver(TEN_LITRES, null);
    before.poll(lines);
    pulse(SECOND);
    long[] keep = before.poll(lines).keep();
    PulseDriver after = driver("line = 22\nlitres_per_pulse = 0.5", keep);
    after.poll(lines);
    pulse(SECOND);
    pulse(SECOND);
    assertThat(after.poll(lines).values()[0]).isEqualTo(11);
    Readout damaged = driver(TEN_LITRES, new long[0]).poll(lines);
    assertThat(damaged.quality()).isEqualTo(Quality.SUSPECT);
    assertThat(damaged.why()).contains("damaged");
  }

  @Test
  void bouncesAreOnePulse() throws BusException {
    long seed = 21;
    Random random = new Random(seed);
    PulseDriver driver = driver(TEN_LITRES, null);
    driver.poll(lines);
    for (int i = 1; i <= 200; i++) {
      lines.after(SECOND);
      bounce(random, false);
      if (random.nextBoolean()) {
        driver.poll(lines);
      }
      lines.after(SECOND);
      bounce(random, true);
      assertThat(driver.poll(lines).values()[0]).as("seed %d pulse %d", seed, i).isEqualTo(10L * i);
    }
  }

  @Test
  void aMagnetRestingAtTheSwitchingPointCountsNothing() throws BusException {
    PulseDriver driver = driver(TEN_LITRES, null);
    driver.poll(lines);
    for (int i = 0; i < 1000; i++) {
      lines.after(20_000);
      lines.change(LINE, i % 2 != 0);
    }
    assertThat(driver.poll(lines).values()[0]).isZero();
  }

  @Test
  void aPollWithinAPulseLosesNothing() throws BusException {
    PulseDriver driver = driver(TEN_LITRES, null);
    driver.poll(lines);
    lines.after(SECOND);
    lines.change(LINE, false);
    lines.after(29_999);
    assertThat(driver.poll(lines).values()[0]).as("not yet certain").isZero();
    lines.after(1);
    assertThat(driver.poll(lines).values()[0]).isEqualTo(10);
    lines.after(SECOND);
    lines.change(LINE, true);
    assertThat(driver.poll(lines).values()[0]).isEqualTo(10);
  }

  @Test
  void theOtherEdgeCanBeCounted() throws BusException {
    PulseDriver driver = driver(TEN_LITRES + "\nedge = 'rising'\npull = 'down'", null);
    driver.poll(lines);
    lines.after(SECOND);
    lines.change(LINE, true);
    lines.after(SECOND);
    assertThat(driver.poll(lines).values()[0]).isEqualTo(10);
  }

  @Test
  void lostEdgesAreSaidAndCounted() throws BusException {
    PulseDriver driver = driver(TEN_LITRES, null);
    driver.poll(lines);
    lines.lose(7);
    Readout readout = driver.poll(lines);
    assertThat(readout.quality()).isEqualTo(Quality.SUSPECT);
    assertThat(readout.why()).startsWith("7 edges lost");
    assertThat(readout.values()[2]).isEqualTo(7);
    assertThat(driver.poll(lines).quality()).isEqualTo(Quality.GOOD);
    // The chip was away: its count began anew.
    lines.lose(2);
    assertThat(driver.poll(lines).values()[2]).isEqualTo(9);
    assertThat(driver(TEN_LITRES, new long[] {5000, 9}).poll(lines).keep())
        .containsExactly(5000, 11);
  }

  @Test
  void theTotalIsSetToWhatTheDialShows() throws BusException {
    PulseDriver driver = driver(TEN_LITRES, null);
    driver.poll(lines);
    lines.lose(3);
    driver.poll(lines);
    pulse(SECOND);
    Outcome done = driver.execute(lines, new Order("set-total", Map.of("litres", 1_234_567L)));
    assertThat(done.details())
        .as("a pulse before it is in it")
        .containsEntry("litres_before", 10L)
        .containsEntry("lost_before", 3L);
    Readout after = driver.poll(lines);
    assertThat(after.values()[0]).isEqualTo(1_234_567);
    assertThat(after.values()[2]).isZero();
    assertThat(after.keep()).containsExactly(1_234_567_000L, 0);
    assertThat(driver.remembers("set-total")).isTrue();
    for (Object wrong : new Object[] {-1L, 1_000_000_000_000L, "12"}) {
      assertThat(driver.execute(lines, new Order("set-total", Map.of("litres", wrong))).state())
          .isEqualTo(Outcome.State.REJECTED);
    }
    assertThat(driver.poll(lines).values()[0]).isEqualTo(1_234_567);
  }

  @Test
  void settings() {
    TableSettings odd = TableSettings.of("line = 1\nlitres_per_pulse = 0.0015");
    assertThat(new PulseDriverFactory().create(odd, null, null)).isNull();
    TableSettings none = TableSettings.of("line = 1");
    new PulseDriverFactory().create(none, null, null);
    assertThat(none.problems()).containsExactly("litres_per_pulse: missing");
    assertThat(new PulseDriverFactory().place(none)).isEqualTo("line 1");
  }

  /** A clean pulse of 200 ms that begins {@code after} microseconds from the end of the last. */
  private void pulse(long period) {
    lines.after(period - 200_000);
    lines.change(LINE, false);
    lines.after(200_000);
    lines.change(LINE, true);
  }

  /** Changes for up to 20 ms, then rests at {@code level}. */
  private void bounce(Random random, boolean level) {
    for (int i = random.nextInt(8); i > 0; i--) {
      lines.change(LINE, level);
      lines.after(100 + random.nextInt(1000));
      lines.change(LINE, !level);
      lines.after(100 + random.nextInt(1000));
    }
    lines.change(LINE, level);
    lines.after(100_000);
  }

  private static PulseDriver driver(String settings, long @Nullable [] keep) {
    return (PulseDriver)
        Objects.requireNonNull(
            new PulseDriverFactory().create(TableSettings.of(settings), null, keep));
  }
}
