package io.verge.autonomy;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.autonomy.Ladder.Decision;
import io.verge.autonomy.Ladder.Rung;
import io.verge.autonomy.Ladder.Seen;
import io.verge.autonomy.Ladder.State;
import io.verge.autonomy.Ladder.Step;
import io.verge.autonomy.Ladder.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LadderTest {
  private static final long MIN = 60_000;
  private static final long DAY = 24 * 60 * MIN;
  private static final Ladder LADDER =
      new Ladder(
          15 * MIN,
          10 * MIN,
          360 * MIN,
          List.of(
              new Step(Rung.REREGISTER, 12),
              new Step(Rung.RADIO, 6),
              new Step(Rung.RESET, 4),
              new Step(Rung.POWER, 3),
              new Step(Rung.REBOOT, 1)));

  private static Decision at(State state, long nowMin, long silentMin, boolean reached) {
    return LADDER.decide(state, new Seen(nowMin * MIN, silentMin * MIN, reached));
  }

  /** Next step, minutes since the last one, lock-out left, silence, a server answers: what then. */
  @ParameterizedTest
  @CsvSource({
    "0, 0, 0, 0, false, WELL, ",
    "0, 0, 0, 0, true, WELL, ",
    "0, 0, 0, 14, false, WAIT, ",
    "0, 0, 0, 15, false, STEP, REREGISTER",
    "0, 3, 0, 15, false, STEP, REREGISTER",
    "0, 0, 0, 15, true, REACHED, ",
    "1, 9, 0, 24, false, WAIT, ",
    "1, 10, 0, 25, false, STEP, RADIO",
    "1, 10, 0, 25, true, REACHED, ",
    "2, 10, 0, 35, false, STEP, RESET",
    "3, 10, 0, 45, false, STEP, POWER",
    "4, 10, 0, 55, false, STEP, REBOOT",
    "5, 9, 0, 64, false, WAIT, ",
    "5, 10, 0, 65, false, LOCK_OUT, ",
    "0, 10, 1, 400, false, LOCKED, ",
    "0, 10, 1, 400, true, REACHED, ",
    "0, 10, 0, 400, false, STEP, REREGISTER",
    "3, 1, 0, 0, false, RECOVERED, ",
    "0, 400, 1, 0, false, RECOVERED, "
  })
  void everySituationHasItsAnswer(
      int next,
      long sinceMin,
      long lockedMin,
      long silentMin,
      boolean reached,
      Verdict verdict,
      Rung rung) {
    long now = 10_000;
    State state =
        new State(
            next, (now - sinceMin) * MIN, lockedMin == 0 ? 0 : (now + lockedMin) * MIN, Map.of());
    Decision decision = at(state, now, silentMin, reached);
    assertThat(decision.verdict()).isEqualTo(verdict);
    assertThat(decision.rung()).isEqualTo(rung);
    if (verdict == Verdict.STEP) {
      assertThat(decision.state().next()).isEqualTo(rung.ordinal() + 1);
      assertThat(decision.state().today(rung, now * MIN)).isEqualTo(1);
    }
    if (verdict == Verdict.RECOVERED) {
      assertThat(at(decision.state(), now, 0, false).verdict()).isEqualTo(Verdict.WELL);
    }
  }

  /** What is done in so many minutes of silence. */
  private static List<String> silence(State from, long fromMin, long minutes, List<State> last) {
    List<String> done = new ArrayList<>();
    State state = from;
    for (long minute = 0; minute < minutes; minute++) {
      Decision decision = at(state, fromMin + minute, minute, false);
      state = decision.state();
      if (decision.verdict() == Verdict.STEP || decision.verdict() == Verdict.LOCK_OUT) {
        done.add(minute + " " + (decision.rung() == null ? "locked out" : decision.rung().word()));
      }
    }
    last.add(state);
    return done;
  }

  @Test
  void aLongSilenceClimbsOnceAndBeginsAnewAfterTheLockOut() {
    assertThat(silence(State.START, 0, 480, new ArrayList<>()))
        .containsExactly(
            "15 reregister",
            "25 radio",
            "35 reset",
            "45 power",
            "55 reboot",
            "65 locked out",
            "425 reregister",
            "435 radio",
            "445 reset",
            "455 power",
            "465 locked out");
  }

  @Test
  void noStepIsTakenMoreOftenThanItsLimitInAnyDay() {
    List<State> states = new ArrayList<>();
    State state = State.START;
    long now = 0;
    List<Long> reboots = new ArrayList<>();
    List<Long> powers = new ArrayList<>();
    // Links that come back for a minute and go again, for a week.
    while (now < 7 * 24 * 60) {
      for (String one : silence(state, now, 70, states)) {
        long minute = now + Long.parseLong(one.substring(0, one.indexOf(' ')));
        if (one.endsWith("reboot")) {
          reboots.add(minute);
        } else if (one.endsWith("power")) {
          powers.add(minute);
        }
      }
      state = at(states.get(states.size() - 1), now + 70, 0, false).state();
      now += 71;
    }
    assertThat(reboots).hasSizeBetween(6, 8);
    assertThat(powers).hasSizeBetween(18, 24);
    for (int i = 1; i < reboots.size(); i++) {
      assertThat(reboots.get(i) - reboots.get(i - 1)).isGreaterThanOrEqualTo(DAY / MIN);
    }
    for (int i = 3; i < powers.size(); i++) {
      assertThat(powers.get(i) - powers.get(i - 3)).isGreaterThanOrEqualTo(DAY / MIN);
    }
  }

  @Test
  void aStepThatCouldNotBeTakenIsFollowedSoon() {
    State stepped = at(State.START, 100, 15, false).state();
    State failed = stepped.failed(100 * MIN, 10 * MIN);
    assertThat(at(failed, 100, 15, false).verdict()).isEqualTo(Verdict.WAIT);
    assertThat(at(failed, 101, 16, false).rung()).isEqualTo(Rung.RADIO);
    assertThat(at(stepped, 101, 16, false).verdict()).isEqualTo(Verdict.WAIT);
  }

  @Test
  void isKeptOverARestartAndNothingElseIsBelieved() {
    List<State> last = new ArrayList<>();
    silence(State.START, 0, 60, last);
    State state = last.get(0);
    long[] numbers = state.numbers(60 * MIN);
    assertThat(numbers[0]).isEqualTo(60 * MIN);
    assertThat(State.of(numbers)).isEqualTo(state);
    assertThat(State.of(new long[0])).isEqualTo(State.START);
    assertThat(State.of(new long[] {1, 2, 3})).isEqualTo(State.START);
    assertThat(State.of(new long[] {1, 2, 3, 4, 9, 9})).isEqualTo(State.START);
    assertThat(State.of(new long[] {1, 99, 3, 4}).next()).isEqualTo(Rung.values().length);
  }
}
