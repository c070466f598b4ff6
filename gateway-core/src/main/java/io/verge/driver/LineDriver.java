package io.verge.driver;

import io.verge.model.Outcome;

/** A driver for a device on GPIO lines. */
public non-sealed interface LineDriver extends Driver {
  Readout poll(LineSession lines) throws BusException;

  default Outcome execute(LineSession lines, Order order) throws BusException {
    return Outcome.of(Outcome.State.REJECTED, "this device takes no '" + order.op() + "'");
  }
}
