package io.verge.peers;

/** Something that takes readings while the city cannot be reached. */
interface Peer extends AutoCloseable {
  /** Takes one reading. */
  void put(Payload reading) throws Exception;

  /** Returns when everything put is accepted: as safe as this peer makes it. */
  void accepted() throws Exception;
}
