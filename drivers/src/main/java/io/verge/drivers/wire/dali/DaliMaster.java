package io.verge.drivers.wire.dali;

import io.verge.driver.BusException;
import io.verge.driver.BusSession;

/** A serial master: takes forward frames, gives backward frames. No state but its protocol. */
public interface DaliMaster {
  /**
   * How long after a frame has left an answer may still come: 22 Te and 8 bits on the DALI bus are
   * 19 ms; the rest is a USB adapter's lumps.
   */
  int ANSWER_MS = 60;

  /**
   * Sends a forward frame, twice where its command asks for it, and waits for the backward frame
   * where it has one.
   *
   * @param frame 16 bit.
   * @throws BusException if the port is gone.
   */
  DaliReply send(BusSession bus, int frame) throws BusException;
}
