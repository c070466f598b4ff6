package io.verge.uplink;

/** Where commands from back ends go. Implemented by {@code command}, wired by {@code runtime}. */
@FunctionalInterface
public interface CommandInbox {
  /**
   * Only enqueues.
   *
   * @param uplink the name of the uplink it came by.
   * @param message a command message, unchecked.
   */
  void command(String uplink, byte[] message);

  /** A message was refused before it was read: for another gateway, or of no known kind. */
  default void refused(String uplink, String why) {}
}
