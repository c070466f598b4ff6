package io.verge.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Commands beside a lamp plan: overrides, their ends, and the way back to the plan. */
class OverridePathTest extends GatewayFixture {
  @Test
  void anOverrideOutlivesARestartAndEnds() throws Exception {
    Run run = new Run("g", PLAN);
    run.steps(10);
    assertThat(street.level).as("the plan's").isEqualTo(80);
    run.say(override("o1", 40, 600));
    run.steps(100);
    assertThat(street.level).isEqualTo(40);
    run.gateway.stop();
    street.level = 100; // what this lamp's controller starts with
    Run again = new Run("g", PLAN);
    again.steps(10);
    assertThat(street.level).as("after the restart").isEqualTo(40);
    time.nanos += 570 * SECOND;
    again.steps(100);
    assertThat(street.level).as("before its end").isEqualTo(40);
    time.nanos += 30 * SECOND;
    again.steps(100);
    assertThat(street.level).as("after its end").isEqualTo(80);
    assertThat(again.kinds()).contains("plan.override-ended");
    again.gateway.stop();
  }

  @Test
  void releaseGivesALampBackForGood() throws Exception {
    Run run = new Run("h", PLAN);
    run.say(command("o2", "lamp-1", "set-level", 40L, 0));
    run.steps(100);
    assertThat(street.level).isEqualTo(40);
    run.say(command("o3", "lamp-1", "release", 0L, 0));
    run.steps(100);
    assertThat(street.level).isEqualTo(80);
    run.gateway.stop();
    Run again = new Run("h", PLAN);
    again.steps(10);
    assertThat(street.level).isEqualTo(80);
    again.gateway.stop();
  }

  @Test
  void withoutAPlanThereIsNothingToReturnTo() throws Exception {
    Run run = new Run("i");
    run.say(command("n1", "lamp-1", "release", 0L, 0));
    run.say(override("n2", 40, 600));
    assertThat(run.gateway.counters().get("commands.rejected")).isEqualTo(2);
    assertThat(street.level).isZero();
    run.gateway.stop();
    Run planned = new Run("j", PLAN);
    planned.say(override("n3", 40, 0));
    planned.say(override("n4", 40, 8 * 86_400));
    assertThat(planned.gateway.counters().get("commands.rejected")).isEqualTo(2);
    planned.gateway.stop();
  }
}
