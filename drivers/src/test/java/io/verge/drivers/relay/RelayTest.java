package io.verge.drivers.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.driver.BusException;
import io.verge.driver.Order;
import io.verge.driver.Readout;
import io.verge.drivers.ScriptedLines;
import io.verge.drivers.TableSettings;
import io.verge.model.Outcome;
import io.verge.model.PointType;
import io.verge.model.Quality;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RelayTest {
  private static final String WIRED = "line = 17\nfeedback = 27\nactive = 'low'\nsettle = '80ms'";

  private final ScriptedLines lines = new ScriptedLines();

  @Test
  void aLampNobodySpokeForIsOn() throws BusException {
    assertThat(driver("line = 17", null).poll(lines).values()).containsExactly(100);
    assertThat(lines.driven(17)).isTrue();
    driver("line = 18\nactive = 'low'", null).poll(lines);
    assertThat(lines.driven(18)).isFalse();
    driver("line = 19", new long[0]).poll(lines);
    assertThat(lines.driven(19)).as("damaged keep").isTrue();
  }

  @Test
  void theLevelSurvivesARestart() throws BusException {
    RelayDriver before = driver("line = 17", null);
    assertThat(before.execute(lines, level(0L))).isEqualTo(Outcome.done(Map.of("level", 0L)));
    assertThat(lines.driven(17)).isFalse();
    Readout last = before.poll(lines);
    ScriptedLines reopened = new ScriptedLines();
    reopened.drive(17, true);
    assertThat(driver("line = 17", last.keep()).poll(reopened).values()).containsExactly(0);
    assertThat(reopened.driven(17)).isFalse();
  }

  @Test
  void feedbackThatAgreesIsGood() throws BusException {
    RelayDriver driver = driver(WIRED, null);
    assertThat(driver.points())
        .extracting(PointType::name)
        .containsExactly("level", "feedback", "faults");
    lines.set(27, false);
    assertThat(driver.poll(lines).values()).containsExactly(100, 1, 0);
    driver.poll(lines);
    assertThat(lines.settled()).as("only after a change").containsExactly(80);
    lines.set(27, true);
    assertThat(driver.execute(lines, level(0L)).state()).isEqualTo(Outcome.State.DONE);
    assertThat(lines.settled()).containsExactly(80, 80);
    assertThat(driver.poll(lines).values()).containsExactly(0, 0, 0);
  }

  @Test
  void feedbackThatDisagreesIsARelayFailure() throws BusException {
    RelayDriver driver = driver(WIRED, null);
    lines.set(27, true);
    Readout readout = driver.poll(lines);
    assertThat(readout.quality()).isEqualTo(Quality.SUSPECT);
    assertThat(readout.values()).containsExactly(100, 0, RelayDriver.RELAY_FAILURE);
    assertThat(readout.why()).isEqualTo("relay failure: commanded on, feedback says off");
    lines.set(27, false);
    Outcome welded = driver.execute(lines, level(0L));
    assertThat(welded.state()).isEqualTo(Outcome.State.FAILED);
    assertThat(welded.details()).containsEntry("level", 100L);
  }

  @Test
  void onlyOnAndOffAreLevels() throws BusException {
    RelayDriver driver = driver("line = 17", null);
    for (Object wanted : new Object[] {40L, 101L, -1L, "100", true}) {
      assertThat(driver.execute(lines, level(wanted)).state()).isEqualTo(Outcome.State.REJECTED);
    }
    assertThat(driver.execute(lines, new Order("toggle", Map.of())).state())
        .isEqualTo(Outcome.State.REJECTED);
    assertThat(lines.driven(17)).as("nothing was driven").isFalse();
  }

  @Test
  void settings() {
    TableSettings same = TableSettings.of("line = 17\nfeedback = 17");
    assertThat(new RelayDriverFactory().create(same, null, null)).isNull();
    assertThat(same.problems()).containsExactly("feedback: feedback is line 17 too");
    TableSettings good = TableSettings.of(WIRED);
    new RelayDriverFactory().create(good, null, null);
    assertThat(good.problems()).isEmpty();
    assertThat(new RelayDriverFactory().place(good)).isEqualTo("line 17");
  }

  private static RelayDriver driver(String settings, long @Nullable [] keep) {
    return (RelayDriver)
        Objects.requireNonNull(
            new RelayDriverFactory().create(TableSettings.of(settings), null, keep));
  }

  private static Order level(Object level) {
    return new Order("set-level", Map.of("level", level));
  }
}
