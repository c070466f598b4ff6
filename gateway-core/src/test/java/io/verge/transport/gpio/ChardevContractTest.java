package io.verge.transport.gpio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.verge.time.SystemTicker;
import io.verge.time.Ticker;
import io.verge.transport.GpioChip;
import io.verge.transport.GpioChip.Bias;
import io.verge.transport.GpioChipContract;
import io.verge.transport.PortUri;
import io.verge.transport.TransportException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The character device against a kernel that allows nothing Linux would not. */
class ChardevContractTest extends GpioChipContract {
  private static final Ticker TICKER = new SystemTicker();
  private static final Board OTHER = new Board("Radxa ROCK 3A");
  private static final Board PI = new Board("Raspberry Pi 4 Model B Rev 1.5");

  private final FakeKernel kernel = new FakeKernel(TICKER::nanos);

  ChardevContractTest() {
    kernel.plug("gpiochip0", "gpio0", LINES);
  }

  @AfterEach
  void nothingForbiddenAndNothingLeftOpen() {
    assertThat(kernel.violations()).isEmpty();
    assertThat(kernel.openDescriptors()).isZero();
  }

  @Override
  protected GpioChip open() throws TransportException {
    return open("gpiochip0", Map.of(), OTHER);
  }

  private GpioChip open(String chip, Map<String, String> options, Board board)
      throws TransportException {
    return GpioProvider.open(new PortUri("gpio", chip, options), TICKER, kernel, board);
  }

  @Override
  protected Far far() {
    return new Far() {
      @Override
      public void drive(int line, boolean high) {
        kernel.drive("gpiochip0", line, high);
      }

      @Override
      public boolean driven(int line) {
        return kernel.driven("gpiochip0", line);
      }

      @Override
      public boolean hold(int line) {
        kernel.hold("gpiochip0", line, "w1-gpio");
        return true;
      }

      @Override
      public boolean vanish() {
        kernel.unplug("gpiochip0");
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
  void whoHoldsALineIsNamed() throws TransportException {
    kernel.hold("gpiochip0", 4, "w1-gpio");
    try (GpioChip chip = open()) {
      assertThatThrownBy(() -> chip.input(4, Bias.UP))
          .hasMessageContaining("/dev/gpiochip0 line 4 is held by 'w1-gpio'");
    }
  }

  @Test
  void aChipThatIsNotThereSaysWhichAreAndComesBackByItself() throws TransportException {
    assertThatThrownBy(() -> open("gpiochip3", Map.of(), OTHER))
        .isInstanceOf(TransportException.class)
        .matches(e -> ((TransportException) e).isRetriable())
        .hasMessage(
            "/dev/gpiochip3 does not exist; there is gpiochip0 (gpio0); see: ls -l /dev/gpiochip*");
    kernel.unplug("gpiochip0");
    assertThatThrownBy(this::open).hasMessageContaining("this machine has no GPIO chip");
    kernel.plug("gpiochip0", "gpio0", LINES);
    open().close();
  }

  @Test
  void eachRefusalSaysTheNextStep() throws TransportException {
    kernel.beOld();
    try (GpioChip chip = open()) {
      assertThatThrownBy(() -> chip.input(4, Bias.UP)).hasMessageContaining("5.10 or newer");
    }
    kernel.refuseAccess();
    assertThatThrownBy(this::open).hasMessageContaining("group gpio");
  }

  @Test
  void theKernelsDebouncingIsAskedFor() throws TransportException {
    try (GpioChip chip = open("gpiochip0", Map.of("debounce", "2ms"), PI)) {
      chip.input(4, Bias.UP);
      assertThat(kernel.debounceMicros("gpiochip0", 4)).isEqualTo(2000);
    }
    try (GpioChip chip = open()) {
      chip.input(4, Bias.UP);
      assertThat(kernel.debounceMicros("gpiochip0", 4)).isZero();
    }
  }

  /** The kernel keeps 1,024 events of a line; which are missing only the numbers tell. */
  @Test
  void whatTheKernelDroppedIsCounted() throws Exception {
    kernel.hold("gpiochip0", 9, "another");
    try (GpioChip chip = open()) {
      GpioChip.Input input = chip.input(5, Bias.DOWN);
      synchronized (kernel) {
        for (int i = 1; i <= 3_000; i++) {
          kernel.drive("gpiochip0", 5, i % 2 == 1);
        }
      }
      List<GpioChip.Edge> edges = input.takeEdges();
      assertThat(edges).hasSize(GpioAbi.EVENTS_MAX);
      assertThat(input.lostEdges()).isEqualTo(3_000 - GpioAbi.EVENTS_MAX);
    }
  }

  @Test
  void theBackEndIsChosenByTheBoard() throws TransportException {
    kernel.plug("gpiochip1", "pinctrl-bcm2711", 58);
    assertThat(open("gpiochip1", Map.of("via", "chardev"), PI))
        .satisfies(ChardevContractTest::close);
    assertThatThrownBy(() -> open("gpiochip1", Map.of("via", "pi4j"), OTHER))
        .hasMessageContaining("Radxa ROCK 3A")
        .hasMessageContaining("via=chardev");
    // This machine is no Raspberry Pi, which Pi4J sees for itself whatever the board says.
    try (GpioChip chip = open("gpiochip1", Map.of(), PI)) {
      assertThat(chip).isInstanceOf(ChardevChip.class);
    }
    try (GpioChip chip = open("gpiochip0", Map.of(), PI)) {
      assertThat(chip).isInstanceOf(ChardevChip.class);
    }
  }

  private static void close(GpioChip chip) {
    assertThat(chip).isInstanceOf(ChardevChip.class);
    chip.close();
  }
}
