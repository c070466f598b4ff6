package io.verge.simulator.gpio;

import io.verge.transport.GpioChip;
import io.verge.transport.PwmContract;
import io.verge.transport.TransportException;

/** The simulated board's PWM keeps the contract sysfs keeps. */
class SimulatedPwmContractTest extends PwmContract {
  private final LineBoard board = new LineBoard(() -> 0, 0, CHANNELS);

  @Override
  protected GpioChip open() throws TransportException {
    return board.open("cabinet");
  }

  @Override
  protected long[] modulation(int channel) {
    return board.modulation(channel);
  }

  @Override
  protected void unplug() {
    board.unplug();
  }
}
