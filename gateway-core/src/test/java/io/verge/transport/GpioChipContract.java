package io.verge.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.verge.time.Ticker;
import io.verge.transport.GpioChip.Bias;
import io.verge.transport.GpioChip.Edge;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every GPIO chip does, against what is wired to it. */
@Timeout(60)
public abstract class GpioChipContract {
  protected static final int LINES = 32;
  private static final long SECOND = 1_000_000_000L;

  /** What is wired to the chip. */
  public interface Far {
    /** Pulls a line to a level from outside. */
    void drive(int line, boolean high) throws Exception;

    /** The level the chip drives a line to. */
    boolean driven(int line) throws Exception;

    /** Another program takes a line; false where that can't be played. */
    boolean hold(int line) throws Exception;

    /** The chip is unplugged; false where that can't be played. */
    boolean vanish() throws Exception;
  }

  protected abstract GpioChip open() throws Exception;

  protected abstract Far far();

  protected abstract Ticker ticker();

  /** Whether undriven inputs follow their bias, and lines from {@link #LINES} on are refused. */
  protected abstract boolean knowsItsLines();

  private List<Edge> take(GpioChip.Input input, int count) throws TransportException {
    List<Edge> taken = new ArrayList<>();
    long end = ticker().nanos() + 20 * SECOND;
    while (taken.size() < count && ticker().nanos() < end) {
      taken.addAll(input.takeEdges());
      ticker().sleepUntil(ticker().nanos() + 200_000);
    }
    return taken;
  }

  private static void refuses(String part, ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(TransportException.class).hasMessageContaining(part);
  }

  @Test
  void anOutputHasItsLevelFromTheMomentOfClaimingOn() throws Exception {
    try (GpioChip chip = open()) {
      GpioChip.Output lit = chip.output(3, true);
      GpioChip.Output dark = chip.output(4, false);
      assertThat(far().driven(3)).isTrue();
      assertThat(far().driven(4)).isFalse();
      assertThat(lit.level()).isTrue();
      assertThat(dark.level()).isFalse();
    }
  }

  @Test
  void anOutputFollowsWhatIsWritten() throws Exception {
    try (GpioChip chip = open()) {
      GpioChip.Output output = chip.output(3, false);
      GpioChip.Output other = chip.output(7, true);
      for (boolean high : new boolean[] {true, true, false, true, false, false}) {
        output.write(high);
        assertThat(far().driven(3)).isEqualTo(high);
        assertThat(output.level()).isEqualTo(high);
      }
      assertThat(far().driven(7)).isTrue();
      assertThat(other.level()).isTrue();
    }
  }

  @Test
  void anInputReadsThePhysicalLevel() throws Exception {
    try (GpioChip chip = open()) {
      GpioChip.Input input = chip.input(5, Bias.UP);
      for (boolean high : new boolean[] {true, false, true, false}) {
        far().drive(5, high);
        assertThat(input.read()).isEqualTo(high);
      }
    }
  }

  @Test
  void anInputNobodyDrivesFollowsItsBias() throws Exception {
    assumeTrue(knowsItsLines(), "this back end plays no electrics");
    try (GpioChip chip = open()) {
      assertThat(chip.input(8, Bias.UP).read()).isTrue();
      assertThat(chip.input(9, Bias.DOWN).read()).isFalse();
    }
  }

  @Test
  void edgesComeOldestFirstStampedOnTheTickersClock() throws Exception {
    try (GpioChip chip = open()) {
      far().drive(5, true);
      GpioChip.Input input = chip.input(5, Bias.NONE);
      far().drive(5, true);
      input.takeEdges();
      long before = ticker().nanos();
      boolean[] levels = {false, true, false, true, false};
      for (boolean level : levels) {
        ticker().sleepUntil(ticker().nanos() + 2_000_000);
        far().drive(5, level);
      }
      List<Edge> edges = take(input, levels.length);
      long after = ticker().nanos();
      assertThat(edges).extracting(Edge::rising).containsExactly(false, true, false, true, false);
      long last = before;
      for (Edge edge : edges) {
        assertThat(edge.nanos()).isBetween(last, after);
        last = edge.nanos();
      }
      assertThat(last - edges.get(0).nanos()).isGreaterThanOrEqualTo(8_000_000);
      assertThat(input.takeEdges()).as("taken once").isEmpty();
      assertThat(input.lostEdges()).isZero();
    }
  }

  /** Taken late, an edge still has the time at which it came: a pulse can be measured. */
  @Test
  void theLengthOfAPulseIsThatOfTheEdges() throws Exception {
    try (GpioChip chip = open()) {
      assumeTrue(chip.timesEdges(), "this back end stamps edges when a thread comes to them");
      far().drive(5, false);
      GpioChip.Input input = chip.input(5, Bias.DOWN);
      long beforeRise = ticker().nanos();
      far().drive(5, true);
      long afterRise = ticker().nanos();
      ticker().sleepUntil(afterRise + 3_000_000);
      long beforeFall = ticker().nanos();
      far().drive(5, false);
      long afterFall = ticker().nanos();
      ticker().sleepUntil(afterFall + 20_000_000);
      List<Edge> edges = take(input, 2);
      assertThat(edges).extracting(Edge::rising).containsExactly(true, false);
      assertThat(edges.get(0).nanos()).isBetween(beforeRise, afterRise);
      assertThat(edges.get(1).nanos()).isBetween(beforeFall, afterFall);
    }
  }

  @Test
  void edgesBeforeTheClaimingAreNobodys() throws Exception {
    try (GpioChip chip = open()) {
      far().drive(6, false);
      far().drive(6, true);
      far().drive(6, false);
      GpioChip.Input input = chip.input(6, Bias.DOWN);
      assertThat(input.read()).isFalse();
      assertThat(input.takeEdges()).isEmpty();
      assertThat(input.lostEdges()).isZero();
    }
  }

  @Test
  void linesDoNotHearEachOther() throws Exception {
    try (GpioChip chip = open()) {
      far().drive(5, false);
      far().drive(6, false);
      GpioChip.Input five = chip.input(5, Bias.DOWN);
      GpioChip.Input six = chip.input(6, Bias.DOWN);
      chip.output(7, false);
      far().drive(5, true);
      far().drive(6, true);
      far().drive(6, false);
      assertThat(take(five, 1)).extracting(Edge::rising).containsExactly(true);
      assertThat(take(six, 2)).extracting(Edge::rising).containsExactly(true, false);
      assertThat(five.takeEdges()).isEmpty();
    }
  }

  @Test
  void noEdgeIsForgottenWithoutBeingCounted() throws Exception {
    int driven = GpioChip.EDGES_MAX + 1_000;
    try (GpioChip chip = open()) {
      far().drive(5, false);
      GpioChip.Input input = chip.input(5, Bias.DOWN);
      for (int i = 1; i <= driven; i++) {
        far().drive(5, i % 2 == 1);
      }
      List<Edge> edges = new ArrayList<>();
      long end = ticker().nanos() + 20 * SECOND;
      while (edges.size() + input.lostEdges() < driven && ticker().nanos() < end) {
        List<Edge> taken = input.takeEdges();
        assertThat(taken).hasSizeLessThanOrEqualTo(GpioChip.EDGES_MAX);
        edges.addAll(taken);
      }
      assertThat(edges.size() + input.lostEdges()).isEqualTo(driven);
      far().drive(5, true);
      assertThat(take(input, 1)).extracting(Edge::rising).containsExactly(true);
    }
  }

  @Test
  void anyWiggleIsHeardWhole() throws Exception {
    long seed = 41;
    Random random = new Random(seed);
    try (GpioChip chip = open()) {
      far().drive(5, false);
      GpioChip.Input input = chip.input(5, Bias.DOWN);
      boolean level = false;
      List<Boolean> said = new ArrayList<>();
      List<Boolean> heard = new ArrayList<>();
      for (int i = 0; i < 3_000; i++) {
        boolean next = random.nextBoolean();
        far().drive(5, next);
        if (next != level) {
          said.add(next);
          level = next;
        }
        if (random.nextInt(20) == 0) {
          input.takeEdges().forEach(edge -> heard.add(edge.rising()));
        }
      }
      take(input, said.size() - heard.size()).forEach(edge -> heard.add(edge.rising()));
      assertThat(heard).as("seed %d", seed).isEqualTo(said);
      assertThat(input.lostEdges()).isZero();
      assertThat(input.read()).isEqualTo(level);
    }
  }

  @Test
  void aLineIsClaimedOnce() throws Exception {
    try (GpioChip chip = open()) {
      GpioChip.Output output = chip.output(3, true);
      GpioChip.Input input = chip.input(5, Bias.UP);
      refuses("line 3", () -> chip.input(3, Bias.UP));
      refuses("line 3", () -> chip.output(3, false));
      refuses("line 5", () -> chip.output(5, false));
      refuses("line 5", () -> chip.input(5, Bias.UP));
      assertThat(far().driven(3)).as("the first claim stands").isTrue();
      output.write(false);
      far().drive(5, true);
      assertThat(input.read()).isTrue();
    }
  }

  @Test
  void aLineThatIsNotThereIsNamedAndHurtsNoOther() throws Exception {
    try (GpioChip chip = open()) {
      refuses("line -1", () -> chip.input(-1, Bias.UP));
      assumeTrue(knowsItsLines(), "this back end has any line");
      refuses("line " + LINES, () -> chip.input(LINES, Bias.UP));
      refuses("line 1000", () -> chip.output(1000, true));
      chip.output(LINES - 1, true);
      assertThat(far().driven(LINES - 1)).isTrue();
    }
  }

  @Test
  void aLineAnotherProgramHoldsIsRefusedUntilItLetsGo() throws Exception {
    try (GpioChip chip = open()) {
      assumeTrue(far().hold(5), "this back end knows no other programs");
      assertThatThrownBy(() -> chip.input(5, Bias.UP))
          .isInstanceOf(TransportException.class)
          .hasMessageContaining("line 5 is held by")
          .matches(e -> ((TransportException) e).isRetriable());
      chip.output(3, true);
      assertThat(far().driven(3)).isTrue();
    }
  }

  @Test
  void aChipThatVanishesIsToldEachTime() throws Exception {
    try (GpioChip chip = open()) {
      GpioChip.Input input = chip.input(5, Bias.UP);
      GpioChip.Output output = chip.output(3, true);
      assumeTrue(far().vanish(), "this back end cannot vanish");
      List<ThrowingCallable> calls =
          List.of(
              input::read,
              input::takeEdges,
              () -> output.write(false),
              () -> chip.output(4, true),
              () -> chip.input(6, Bias.UP));
      for (int round = 0; round < 3; round++) {
        for (ThrowingCallable call : calls) {
          assertThatThrownBy(call)
              .isInstanceOf(TransportException.class)
              .matches(e -> ((TransportException) e).isRetriable());
        }
      }
    }
  }

  @Test
  void aClosedChipSaysSoAndCanBeOpenedAgain() throws Exception {
    GpioChip chip = open();
    GpioChip.Input input = chip.input(5, Bias.UP);
    GpioChip.Output output = chip.output(3, true);
    chip.close();
    chip.close();
    refuses("closed", input::read);
    refuses("closed", input::takeEdges);
    refuses("closed", () -> output.write(false));
    refuses("closed", () -> chip.input(6, Bias.UP));
    refuses("closed", () -> chip.output(7, true));
    try (GpioChip again = open()) {
      again.output(3, false);
      assertThat(far().driven(3)).isFalse();
      far().drive(5, false);
      GpioChip.Input anew = again.input(5, Bias.DOWN);
      far().drive(5, true);
      assertThat(take(anew, 1)).extracting(Edge::rising).containsExactly(true);
    }
  }
}
