package io.verge.simulator.gpio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.verge.time.Ticker;
import io.verge.transport.GpioChip;
import io.verge.transport.GpioChipContract;
import io.verge.transport.PortUri;
import io.verge.transport.TransportException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The simulated lines keep the contract the real ones keep. */
class LinesContractTest extends GpioChipContract {
  private final Ticker time =
      new Ticker() {
        private long nanos = 1_000_000_000L;

        @Override
        public long nanos() {
          return nanos;
        }

        @Override
        public void sleepUntil(long deadlineNanos) {
          nanos = Math.max(nanos, deadlineNanos);
        }
      };

  private final LineBoard board = new LineBoard(time::nanos, LINES, 0);
  private final LinesProvider provider = new LinesProvider(Map.of("cabinet", board));

  @Override
  protected GpioChip open() throws TransportException {
    return provider.openLines(new PortUri("sim-gpio", "cabinet", Map.of()), time);
  }

  @Override
  protected Far far() {
    return new Far() {
      @Override
      public void drive(int line, boolean high) {
        board.catchUp();
        board.wire(line, high ? LineBoard.Wire.HIGH : LineBoard.Wire.LOW);
      }

      @Override
      public boolean driven(int line) {
        return board.drive(line) == LineBoard.Drive.HIGH;
      }

      @Override
      public boolean hold(int line) {
        board.hold(line);
        return true;
      }

      @Override
      public boolean vanish() {
        board.unplug();
        return true;
      }
    };
  }

  @Override
  protected Ticker ticker() {
    return time;
  }

  @Override
  protected boolean knowsItsLines() {
    return true;
  }

  @Test
  void aBoardPluggedInAgainOpens() throws TransportException {
    board.unplug();
    assertThatThrownBy(this::open)
        .isInstanceOf(TransportException.class)
        .hasMessageContaining("unplugged");
    board.plug();
    open().close();
  }

  @Test
  void aBoardNobodyHasIsAProblem() {
    assertThat(provider.check(new PortUri("sim-gpio", "cellar", Map.of())))
        .singleElement()
        .asString()
        .contains("'cellar'", "cabinet");
    assertThat(provider.check(new PortUri("sim-gpio", "cabinet", Map.of()))).isEmpty();
  }
}
