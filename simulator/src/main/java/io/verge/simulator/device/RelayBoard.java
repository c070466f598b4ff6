package io.verge.simulator.device;

import java.util.function.IntPredicate;

/**
 * Eight relays as coils, and eight inputs that feel what the relays switch, as in {@code
 * hardware-notes/relay-board.md}.
 */
public final class RelayBoard implements ModbusWire.Slave {
  private static final int RELAYS = 8;

  private final boolean[] pulled = new boolean[RELAYS];
  private IntPredicate relays = relay -> pulled[relay];
  private IntPredicate contacts = relay -> relays.test(relay);

  /** Relays, from 0 on, that go their own way from now on. */
  public void follow(IntPredicate next) {
    relays = next;
  }

  /** What is wired to the inputs, from 0 on, in place of each relay's own auxiliary contact. */
  public void wire(IntPredicate next) {
    contacts = next;
  }

  @Override
  public int coil(int number) {
    return bit(number, relays);
  }

  @Override
  public void coil(int number, boolean on) {
    pulled[number] = on;
  }

  @Override
  public int discrete(int number) {
    return bit(number, contacts);
  }

  private static int bit(int number, IntPredicate of) {
    if (number < 0 || number >= RELAYS) {
      return -1;
    }
    return of.test(number) ? 1 : 0;
  }

  @Override
  public int input(int register) {
    return -1;
  }

  @Override
  public int holding(int register) {
    return -1;
  }

  @Override
  public boolean write(int register, int value) {
    return false;
  }

  @Override
  public int readings(int first, int count) {
    return READINGS_NONE;
  }
}
