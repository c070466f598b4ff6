package io.verge.poll;

import io.verge.driver.BusException;
import io.verge.driver.Driver;
import io.verge.driver.Order;
import io.verge.driver.Readout;
import io.verge.model.Outcome;

/** A bus's medium, open or not, as its worker uses it: bytes or lines. Bus thread only. */
interface BusPort extends AutoCloseable {
  /**
   * Opens the medium; a port that is open stays so.
   *
   * @throws BusException if it is not there; trying again later may help.
   */
  void open() throws BusException;

  /**
   * Whether its devices miss something until they are first asked after an opening: the edges of an
   * input, the level of an output. Such devices are asked at once.
   */
  default boolean isHurried() {
    return false;
  }

  /** A probe of a silent device is asked once only. */
  void setProbing(boolean probing);

  Readout poll(Driver driver) throws BusException;

  Outcome execute(Driver driver, Order order) throws BusException;

  @Override
  void close();
}
