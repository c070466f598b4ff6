package io.verge.simulator.backend;

import java.util.List;

/** Who answers a gateway's messages; acks are made after the commit. */
public interface BackEnd {
  /**
   * @return ack messages; none if the hello is not answered.
   */
  List<byte[]> hello(String gateway, byte[] message) throws LedgerException;

  /**
   * @return ack messages; none if the batch is not taken.
   * @throws LedgerException if it could not be committed; it must not be acked then.
   */
  List<byte[]> batch(String gateway, byte[] message) throws LedgerException;

  /**
   * @return whether it was a catalog.
   */
  boolean catalog(String gateway, byte[] message) throws LedgerException;
}
