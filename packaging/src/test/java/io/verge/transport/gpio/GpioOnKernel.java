package io.verge.transport.gpio;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.time.SystemTicker;
import io.verge.time.Ticker;
import io.verge.transport.ChipView;
import io.verge.transport.GpioChip;
import io.verge.transport.GpioChip.Bias;
import io.verge.transport.GpioChip.Edge;
import io.verge.transport.GpioChipContract;
import io.verge.transport.PortUri;
import io.verge.transport.TransportException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The character device of a running kernel; {@code packaging/acceptance/gpio} boots one. */
final class GpioOnKernel extends GpioChipContract {
  private static final Ticker TICKER = new SystemTicker();
  private static final long MS = 1_000_000;
  private static final int DEBOUNCE_MS = 50;

  private @Nullable GpioSim sim;
  private @Nullable GpioChip other;

  @BeforeEach
  void plug() throws IOException {
    sim = GpioSim.plug(LINES);
  }

  @AfterEach
  void unplug() throws IOException {
    if (other != null) {
      other.close();
    }
    if (sim != null) {
      sim.close();
    }
  }

  private GpioSim sim() {
    return Objects.requireNonNull(sim);
  }

  @Override
  protected GpioChip open() throws TransportException {
    return open("0ms");
  }

  private GpioChip open(String debounce) throws TransportException {
    return new GpioProvider()
        .openLines(new PortUri("gpio", sim().chip(), Map.of("debounce", debounce)), TICKER);
  }

  @Override
  protected Far far() {
    return new Far() {
      @Override
      public void drive(int line, boolean high) throws IOException {
        sim().drive(line, high);
      }

      @Override
      public boolean driven(int line) throws IOException {
        return sim().level(line);
      }

      @Override
      public boolean hold(int line) throws TransportException {
        GpioChip holder = open();
        other = holder;
        holder.input(line, Bias.NONE);
        return true;
      }

      @Override
      public boolean vanish() throws IOException {
        sim().unplug();
        return true;
      }
    };
  }

  @Override
  protected Ticker ticker() {
    return TICKER;
  }

  @Override
  protected boolean knowsItsLines() {
    return true;
  }

  @Test
  void theChipAndItsLinesAreSeen() throws TransportException {
    try (GpioChip chip = open()) {
      chip.input(5, Bias.UP);
      chip.output(7, true);
      ChipView view =
          new GpioProvider()
              .chips().stream()
                  .filter(one -> one.name().equals(sim().chip()))
                  .findFirst()
                  .orElseThrow();
      assertThat(view.label()).isEqualTo(GpioSim.LABEL);
      assertThat(view.lines()).hasSize(LINES);
      assertThat(view.lines().get(5).consumer()).isEqualTo("verge");
      assertThat(view.lines().get(7).output()).isTrue();
      assertThat(view.lines().get(6).used()).isFalse();
    }
  }

  /** Bounces are shorter than the kernel's debouncing, levels longer: an edge for each level. */
  @Test
  void theKernelDebounces() throws Exception {
    sim().drive(5, false);
    try (GpioChip chip = open(DEBOUNCE_MS + "ms")) {
      GpioChip.Input input = chip.input(5, Bias.DOWN);
      List<Boolean> heard = new ArrayList<>();
      for (boolean level : new boolean[] {true, false, true, false}) {
        for (int bounce = 0; bounce < 5; bounce++) {
          sim().drive(5, level);
          sim().drive(5, !level);
        }
        sim().drive(5, level);
        long end = TICKER.nanos() + 20_000 * MS;
        List<Edge> edges = input.takeEdges();
        while (edges.isEmpty() && TICKER.nanos() < end) {
          TICKER.sleepUntil(TICKER.nanos() + MS);
          edges = input.takeEdges();
        }
        edges.forEach(edge -> heard.add(edge.rising()));
        assertThat(input.read()).isEqualTo(level);
      }
      assertThat(heard).containsExactly(true, false, true, false);
      assertThat(input.lostEdges()).isZero();
    }
  }
}
