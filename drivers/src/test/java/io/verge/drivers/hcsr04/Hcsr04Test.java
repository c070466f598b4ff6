package io.verge.drivers.hcsr04;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.driver.BusException;
import io.verge.driver.Driver;
import io.verge.driver.LineDriver;
import io.verge.driver.LineSession.Edge;
import io.verge.driver.Order;
import io.verge.driver.Readout;
import io.verge.drivers.ScriptedLines;
import io.verge.drivers.TableSettings;
import io.verge.drivers.wire.container.FillDriver;
import io.verge.model.Outcome;
import io.verge.model.Quality;
import io.verge.model.Sample;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Hcsr04Test {
  private static final String WIRED = "trigger = 23\necho = 24\nempty_mm = 2000\nfull_mm = 500";

  private final Hcsr04DriverFactory factory = new Hcsr04DriverFactory();
  private final ScriptedLines lines = new ScriptedLines();

  /** The module's data sheet: microseconds / 58 are centimetres, within its 3 mm and 1 %. */
  @ParameterizedTest(name = "{0} us is {1} cm")
  @CsvSource({"580, 10", "1160, 20", "5800, 100", "11600, 200", "23200, 400"})
  void aPulseIsTheDistanceOfTheDataSheet(long micros, int centimetres) {
    int found = EchoPulse.distanceMm(pulse(500, micros), 0);
    assertThat(found / 10.0).isBetween(centimetres - 0.3 - centimetres / 100.0, centimetres + 0.3);
  }

  @Test
  void whatIsNoEchoIsNone() {
    assertThat(EchoPulse.distanceMm(pulse(500, 38_000), 0)).isEqualTo(FillDriver.NO_ECHO);
    assertThat(EchoPulse.distanceMm(pulse(12_000, 5_800), 0)).isEqualTo(FillDriver.NO_ECHO);
    assertThat(EchoPulse.distanceMm(pulse(-1, 5_800), 0)).isEqualTo(FillDriver.NO_ECHO);
    assertThat(EchoPulse.distanceMm(List.of(), 0)).isEqualTo(FillDriver.NO_ECHO);
    assertThat(EchoPulse.distanceMm(pulse(500, 5_800).subList(0, 1), 0))
        .isEqualTo(FillDriver.NO_ECHO);
    // A thread that came too late sees the level of now: the rise reads as a fall.
    List<Edge> late = List.of(new Edge(500, false), new Edge(900, false));
    assertThat(EchoPulse.distanceMm(late, 0)).isEqualTo(FillDriver.NO_ECHO);
  }

  /** Whatever edges come, a distance needs one rise and one fall after it, in time. */
  @Test
  void noEdgesGiveADistanceTheyDoNotSay() {
    Random random = new Random(4);
    for (int round = 0; round < 200_000; round++) {
      Edge[] edges = new Edge[random.nextInt(5)];
      for (int i = 0; i < edges.length; i++) {
        edges[i] = new Edge(random.nextInt(60_000) - 5_000, random.nextBoolean());
      }
      int found = EchoPulse.distanceMm(List.of(edges), 0);
      if (found != FillDriver.NO_ECHO) {
        assertThat(edges).hasSize(2);
        long length = edges[1].micros() - edges[0].micros();
        assertThat(Math.abs(found - length * 0.17171)).isLessThanOrEqualTo(0.51);
      }
    }
  }

  @Test
  void theMedianOfFiveEchoesIsTheFill() throws BusException {
    long[] lengths = {7280, 7290, 7270, 7280, 5800};
    int[] ping = {0};
    lines.onPulse(() -> answer(lengths[ping[0]++]));
    Readout readout = driver(WIRED).poll(lines);
    // 7280 us are 1250 mm, the middle of 500 and 2000; one echo of 996 mm makes it suspect.
    assertThat(readout.values()).containsExactly(50, 1250, 256, 5);
    assertThat(readout.quality()).isEqualTo(Quality.SUSPECT);
    assertThat(lines.pulsed()).containsExactly(23, 23, 23, 23, 23);
    ping[0] = 0;
    assertThat(driver(WIRED + "\nechoes = 4").poll(lines).quality()).isEqualTo(Quality.GOOD);
  }

  @Test
  void coldAirIsSlower() throws BusException {
    lines.onPulse(() -> answer(7280));
    // At -20 degrees sound does 319.18 m/s: 7280 us are 1162 mm.
    assertThat(driver(WIRED + "\nair_c = -20").poll(lines).values()[1]).isEqualTo(1162);
  }

  @Test
  void oneEchoOfFiveIsNotBelieved() throws BusException {
    int[] ping = {0};
    lines.onPulse(() -> answer(ping[0]++ == 0 ? 7280 : 38_000));
    Readout readout = driver(WIRED).poll(lines);
    assertThat(readout.quality()).isEqualTo(Quality.SUSPECT);
    assertThat(readout.why()).isEqualTo("1 of 5 echoes usable, 0 mm apart");
  }

  @Test
  void aModuleThatIsNotThereIsSilent() throws BusException {
    Readout readout = driver(WIRED).poll(lines);
    assertThat(readout.quality()).isEqualTo(Quality.TIMEOUT);
    assertThat(readout.why()).isEqualTo("no pulse on the echo line");
    assertThat(readout.values()).containsOnly(Sample.NONE);
  }

  @Test
  void aLineThatStaysHighIsSaid() throws BusException {
    lines.set(24, true);
    assertThat(driver(WIRED).poll(lines).why()).isEqualTo("the echo line stays high");
    assertThat(lines.pulsed()).isEmpty();
  }

  @Test
  void lostEdgesAreNoEcho() throws BusException {
    int[] ping = {0};
    lines.onPulse(
        () -> {
          answer(7280);
          lines.lose(++ping[0]);
        });
    assertThat(driver(WIRED).poll(lines).values()[3]).isZero();
  }

  @Test
  void aPortThatCannotTimeAPulseIsRefused() throws BusException {
    lines.blurEdges();
    lines.onPulse(() -> answer(7280));
    Readout readout = driver(WIRED).poll(lines);
    assertThat(readout.quality()).isEqualTo(Quality.SUSPECT);
    assertThat(readout.values()).containsOnly(Sample.NONE);
    assertThat(readout.why()).contains("via=chardev");
    assertThat(lines.pulsed()).isEmpty();
  }

  private static Order calibrate(Map<String, Object> args) {
    return new Order("calibrate", args);
  }

  @Test
  void theFloorIsMeasuredAndKept() throws BusException {
    LineDriver driver = driver(WIRED);
    assertThat(driver.operations()).containsExactly("calibrate");
    assertThat(driver.remembers("calibrate")).isTrue();
    lines.onPulse(() -> answer(8_736)); // 1,500 mm
    assertThat(driver.poll(lines).keep()).as("never calibrated").isNull();
    Outcome outcome = driver.execute(lines, calibrate(Map.of("empty", "now")));
    assertThat(outcome.state()).isEqualTo(Outcome.State.DONE);
    assertThat(outcome.details())
        .containsEntry("empty_mm", 1_500L)
        .containsEntry("empty_before_mm", 2_000L)
        .containsEntry("full_mm", 500L);
    Readout readout = driver.poll(lines);
    assertThat(readout.values()[0]).as("empty now").isZero();
    assertThat(readout.keep()).containsExactly(1_500, 500, 2_000, 500);
    LineDriver restarted = driver(WIRED, readout.keep());
    assertThat(restarted.poll(lines).values()[0]).isZero();
    LineDriver otherwise = driver(WIRED.replace("2000", "2100"), readout.keep());
    assertThat(otherwise.poll(lines).values()[0])
        .as("the configuration was changed since")
        .isEqualTo(38);
    restarted.execute(lines, calibrate(Map.of("forget", true)));
    assertThat(restarted.poll(lines).values()[0]).isEqualTo(33);
  }

  @Test
  void whatIsNotMeasuredWellIsNotTaken() throws BusException {
    LineDriver driver = driver(WIRED);
    Order order = calibrate(Map.of("empty", "now"));
    Outcome silent = driver.execute(lines, order);
    assertThat(silent.state()).isEqualTo(Outcome.State.FAILED);
    assertThat(silent.why()).isEqualTo("nothing measured: no pulse on the echo line");
    long[] lengths = {7280, 7290, 5800, 7280, 5800};
    int[] ping = {0};
    lines.onPulse(() -> answer(lengths[ping[0]++]));
    Outcome unsteady = driver.execute(lines, order);
    assertThat(unsteady.state()).isEqualTo(Outcome.State.FAILED);
    assertThat(unsteady.why()).startsWith("not measured well enough: ");
    assertThat(driver.execute(lines, calibrate(Map.of("empty", 400L))).state())
        .as("full lies at 500")
        .isEqualTo(Outcome.State.REJECTED);
    assertThat(driver.execute(lines, new Order("set-level", Map.of())).state())
        .isEqualTo(Outcome.State.REJECTED);
  }

  @Test
  void aDamagedCalibrationIsSaid() throws BusException {
    lines.onPulse(() -> answer(7280));
    Readout readout = driver(WIRED, new long[] {1, 2, 3}).poll(lines);
    assertThat(readout.quality()).isEqualTo(Quality.SUSPECT);
    assertThat(readout.why()).contains("calibrate again");
    assertThat(readout.values()[0]).isEqualTo(50);
  }

  @Test
  void wrongSettingsAreReported() {
    assertThat(problems("trigger = 24\necho = 24\nempty_mm = 2000\nfull_mm = 500"))
        .contains("echo: echo is line 24 too");
    assertThat(problems(WIRED + "\nassumed_c = 15"))
        .contains("assumed_c: the module tells a time, no distance");
    assertThat(problems("trigger = 23")).contains("echo: missing", "empty_mm: missing");
  }

  private void answer(long length) {
    lines.changeLater(450, 24, true);
    lines.changeLater(450 + length, 24, false);
  }

  private static List<Edge> pulse(long begin, long length) {
    return List.of(new Edge(begin, true), new Edge(begin + length, false));
  }

  private List<String> problems(String toml) {
    TableSettings settings = TableSettings.of(toml);
    assertThat(factory.create(settings, null, null)).isNull();
    return settings.problems();
  }

  private LineDriver driver(String toml) {
    return driver(toml, null);
  }

  private LineDriver driver(String toml, long @Nullable [] keep) {
    TableSettings settings = TableSettings.of(toml);
    Driver driver = factory.create(settings, null, keep);
    assertThat(settings.problems()).isEmpty();
    return (LineDriver) Objects.requireNonNull(driver);
  }
}
