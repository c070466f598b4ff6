package io.verge.driver;

import io.verge.model.Outcome;

/** A driver for a device on a byte bus. */
public non-sealed interface SerialDriver extends Driver {
  /**
   * @throws BusException if the port is gone; everything the device does wrong is in the readout.
   */
  Readout poll(BusSession bus) throws BusException;

  /**
   * Whose late answers could pass for answers to this driver: by default its own only, since
   * another device's carry another address. Where they could, equal objects.
   */
  default Object party() {
    return this;
  }

  /** Executes an order whose op is in {@link #operations()}, and reads back what it did. */
  default Outcome execute(BusSession bus, Order order) throws BusException {
    return Outcome.of(Outcome.State.REJECTED, "this device takes no '" + order.op() + "'");
  }
}
