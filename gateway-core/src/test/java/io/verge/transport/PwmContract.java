package io.verge.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** What every chip with PWM channels does, against what is wired to it. */
public abstract class PwmContract {
  protected static final int CHANNELS = 2;

  protected abstract GpioChip open() throws Exception;

  /** High nanoseconds and period of a channel; empty while it does nothing. */
  protected abstract long[] modulation(int channel) throws Exception;

  protected abstract void unplug() throws Exception;

  @Test
  void aChannelFollowsWhatIsWritten() throws Exception {
    long seed = 5;
    Random random = new Random(seed);
    try (GpioChip chip = open()) {
      GpioChip.Pwm pwm = chip.pwm(0);
      for (int i = 0; i < 500; i++) {
        long period = 50_000 + random.nextInt(20_000_000);
        long high =
            random.nextInt(5) == 0 ? (i % 2) * period : (long) (random.nextDouble() * period);
        pwm.write(period, high);
        assertThat(modulation(0)).as("seed %d step %d", seed, i).containsExactly(high, period);
        pwm.write(period, high);
        assertThat(modulation(0)).containsExactly(high, period);
      }
      assertThat(modulation(1)).isEmpty();
    }
  }

  @Test
  void nothingMoreThanAPeriodIsWritten() throws Exception {
    try (GpioChip chip = open()) {
      GpioChip.Pwm pwm = chip.pwm(1);
      pwm.write(1_000_000, 250_000);
      for (long[] wrong : new long[][] {{1_000_000, 1_000_001}, {1_000_000, -1}, {0, 0}}) {
        assertThatThrownBy(() -> pwm.write(wrong[0], wrong[1]))
            .isInstanceOf(IllegalArgumentException.class);
      }
      assertThat(modulation(1)).containsExactly(250_000, 1_000_000);
    }
  }

  @Test
  void aClosedChipLeavesItsChannelsAsTheyAreAndTheNextGoesOn() throws Exception {
    GpioChip chip = open();
    GpioChip.Pwm pwm = chip.pwm(0);
    pwm.write(1_000_000, 400_000);
    chip.close();
    chip.close();
    assertThatThrownBy(() -> pwm.write(1_000_000, 0)).isInstanceOf(TransportException.class);
    assertThatThrownBy(() -> chip.pwm(1)).isInstanceOf(TransportException.class);
    assertThat(modulation(0)).containsExactly(400_000, 1_000_000);
    try (GpioChip again = open()) {
      GpioChip.Pwm next = again.pwm(0);
      assertThat(modulation(0)).as("claiming changes nothing").containsExactly(400_000, 1_000_000);
      next.write(500_000, 100_000);
      assertThat(modulation(0)).containsExactly(100_000, 500_000);
    }
  }

  @Test
  void aChannelIsClaimedOnceAndOneThatIsNotThereIsNamed() throws Exception {
    try (GpioChip chip = open()) {
      chip.pwm(0);
      assertThatThrownBy(() -> chip.pwm(0)).isInstanceOf(TransportException.class);
      for (int absent : new int[] {-1, CHANNELS, 99}) {
        assertThatThrownBy(() -> chip.pwm(absent))
            .isInstanceOf(TransportException.class)
            .hasMessageContaining("channel " + absent);
      }
      chip.pwm(1).write(1_000_000, 1_000_000);
      assertThat(modulation(1)).containsExactly(1_000_000, 1_000_000);
    }
  }

  @Test
  void aChipThatVanishesIsToldEachTime() throws Exception {
    try (GpioChip chip = open()) {
      GpioChip.Pwm pwm = chip.pwm(0);
      pwm.write(1_000_000, 400_000);
      unplug();
      for (int i = 0; i < 3; i++) {
        long high = i * 200_000L;
        assertThatThrownBy(() -> pwm.write(1_000_000, high))
            .isInstanceOf(TransportException.class)
            .matches(e -> ((TransportException) e).isRetriable());
        assertThatThrownBy(() -> chip.pwm(1)).isInstanceOf(TransportException.class);
      }
    }
  }
}
