package io.verge.transport.gpio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pi4j.Pi4J;
import com.pi4j.context.Context;
import com.pi4j.io.gpio.digital.DigitalInput;
import com.pi4j.io.gpio.digital.DigitalOutput;
import com.pi4j.io.gpio.digital.DigitalState;
import com.pi4j.plugin.mock.provider.gpio.digital.MockDigitalInput;
import com.pi4j.plugin.mock.provider.gpio.digital.MockDigitalInputProvider;
import com.pi4j.plugin.mock.provider.gpio.digital.MockDigitalOutputProvider;
import io.verge.time.SystemTicker;
import io.verge.time.Ticker;
import io.verge.transport.GpioChip;
import io.verge.transport.GpioChip.Bias;
import io.verge.transport.GpioChipContract;
import io.verge.transport.TransportException;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Pi4J with its own mock of the hardware. */
class Pi4jContractTest extends GpioChipContract {
  private static final Ticker TICKER = new SystemTicker();

  private @Nullable Context context;
  private final AtomicInteger closings = new AtomicInteger();

  private static Context mocked() {
    return Pi4J.newContextBuilder()
        .noAutoDetect()
        .add(MockDigitalInputProvider.newInstance(), MockDigitalOutputProvider.newInstance())
        .build();
  }

  private Context context() {
    return Objects.requireNonNull(context);
  }

  @Override
  protected GpioChip open() {
    context = mocked();
    return new Pi4jChip("gpiochip0", context(), TICKER, closings::incrementAndGet);
  }

  @Override
  protected Far far() {
    return new Far() {
      @Override
      public void drive(int line, boolean high) {
        if (context().registry().exists("verge-in-" + line)) {
          DigitalInput input = context().registry().get("verge-in-" + line);
          ((MockDigitalInput) input).mockState(high ? DigitalState.HIGH : DigitalState.LOW);
        }
      }

      @Override
      public boolean driven(int line) {
        DigitalOutput output = context().registry().get("verge-out-" + line);
        return output.state() == DigitalState.HIGH;
      }

      @Override
      public boolean hold(int line) {
        return false;
      }

      @Override
      public boolean vanish() {
        return false;
      }
    };
  }

  @Override
  protected Ticker ticker() {
    return TICKER;
  }

  @Override
  protected boolean knowsItsLines() {
    return false;
  }

  @Test
  void closingFreesTheOneChipOnce() {
    GpioChip chip = open();
    chip.close();
    chip.close();
    assertThat(closings).hasValue(1);
  }

  /** On any machine that is no Raspberry Pi Pi4J's own provider opens, and then has no lines. */
  @Test
  void itsRealProviderIsRefusedWhereItDoesNotKnowTheBoard() throws TransportException {
    assertThat(Pi4jGpio.knowsBoard()).as("these tests run on no Raspberry Pi").isFalse();
    for (int i = 0; i < 2; i++) {
      try (GpioChip chip = Pi4jGpio.open("gpiochip0", TICKER)) {
        assertThatThrownBy(() -> chip.output(17, true))
            .isInstanceOf(TransportException.class)
            .hasMessageContaining("line 17")
            .hasMessageContaining("No gpio chip");
        assertThatThrownBy(() -> Pi4jGpio.open("gpiochip0", TICKER))
            .isInstanceOf(TransportException.class)
            .hasMessageContaining("via=chardev");
      }
    }
  }

  /** A level that changed without a word from Pi4J: its listener never ran. */
  @Test
  void anEdgeNobodyToldOfIsCountedAsLost() throws TransportException {
    long[] now = {5_000_000_000L};
    Ticker ticker =
        new Ticker() {
          @Override
          public long nanos() {
            return now[0];
          }

          @Override
          public void sleepUntil(long deadlineNanos) {
            now[0] = deadlineNanos;
          }
        };
    context = mocked();
    try (GpioChip chip = new Pi4jChip("gpiochip0", context(), ticker, () -> {})) {
      GpioChip.Input input = chip.input(5, Bias.UP);
      MockDigitalInput mute =
          (MockDigitalInput) (DigitalInput) context().registry().get("verge-in-5");
      mute.shutdown(context());
      mute.mockState(DigitalState.HIGH);
      assertThat(input.takeEdges()).isEmpty();
      now[0] += 999_999_999L;
      assertThat(input.takeEdges()).isEmpty();
      assertThat(input.lostEdges()).as("it may still be on its way").isZero();
      now[0] += 1;
      assertThat(input.takeEdges()).isEmpty();
      assertThat(input.lostEdges()).isEqualTo(1);
      now[0] += 10_000_000_000L;
      input.takeEdges();
      assertThat(input.lostEdges()).as("once").isEqualTo(1);
    }
  }
}
