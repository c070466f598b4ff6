package io.verge.simulator.broker;

/** One client's connection as the hub sees it. Called by the hub's thread. */
interface Link {
  void send(byte[] packet);

  /** Closes after what was sent has left; the hub hears of it no more. */
  void close();
}
