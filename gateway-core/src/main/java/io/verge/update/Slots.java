package io.verge.update;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A machine with two systems, A and B, of which one runs. Its boot loader starts the confirmed one,
 * or one on trial as often as its trial has starts left.
 */
public interface Slots {
  /**
   * The system that runs.
   *
   * @param slot {@code A} or {@code B}.
   * @param compatible word for the kind of machine, which a bundle's must be equal to.
   */
  record Running(String slot, Version version, String compatible) {
    String other() {
      return slot.equals("A") ? "B" : "A";
    }
  }

  /**
   * What a bundle says of itself; its signature was verified.
   *
   * @param version as it stands there; perhaps none that Verge could order.
   */
  record Offer(String compatible, String version) {}

  /** Empty: this machine has one system, as a package's has. */
  Optional<Running> running() throws IOException;

  /** Whether somebody is trusted to sign systems. */
  boolean trusts();

  /**
   * @throws UpdateException if nobody who is trusted has signed it, or it is not whole.
   */
  Offer offer(Path bundle) throws IOException, UpdateException;

  /**
   * Writes the bundle's system to the slot that does not run, and has the boot loader try it.
   *
   * @throws UpdateException if that did not come to its end; what runs stays confirmed.
   */
  void install(Path bundle) throws IOException, UpdateException;

  /** The slot that the boot loader has on trial, started or not; empty: none. */
  String onTrial() throws IOException;

  /** The system that runs is the confirmed one from now on. */
  void confirm() throws IOException;

  /** No slot is on trial any more; the confirmed one is started next. */
  void drop() throws IOException;

  /** Ends all services in order and starts the machine anew, some seconds from now. */
  void reboot() throws IOException;
}
