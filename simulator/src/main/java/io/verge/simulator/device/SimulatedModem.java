package io.verge.simulator.device;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a modem is up to: power, radio, registration, and what has gone wrong in it. Whoever looks
 * has everything happen that was due until then. The link it carries is up while it is registered
 * and nothing is wrong. Several threads.
 */
public final class SimulatedModem {
  /** What is wrong with it, by what mends it. */
  public enum Fault {
    NONE,
    /** The network has forgotten it: registering anew helps. */
    FORGOTTEN,
    /** The radio hangs: off and on helps. */
    RADIO_HANGS,
    /** Its program hangs, but for the AT port: a reset helps. */
    PROGRAM_HANGS,
    /** It does not answer: only its power line helps. */
    DEAD,
    /** It is well: the computer's end hangs, and only a reboot helps. */
    HOST_HANGS
  }

  /** Looking for a network. */
  private static final long SEARCH_NANOS = 8_000_000_000L;

  /** From power or a reset until it answers. */
  private static final long BOOT_NANOS = 25_000_000_000L;

  /** A shorter time without power is none, for its capacitors. */
  private static final long DISCHARGE_NANOS = 3_000_000_000L;

  private final Map<String, Integer> done = new LinkedHashMap<>();
  private Fault fault = Fault.NONE;
  private boolean powered = true;
  private boolean radio = true;
  private boolean wantsNetwork = true;
  private long answersFrom;
  private long registeredFrom;
  private long unpoweredSince;

  public synchronized void spoil(Fault what) {
    fault = what;
  }

  public synchronized Fault fault() {
    return fault;
  }

  /** How often each was done to it: {@code reregister}, {@code radio}, {@code reset}, … */
  public synchronized Map<String, Integer> done() {
    return Map.copyOf(done);
  }

  /** Whether it hears its AT port. */
  public synchronized boolean answers(long nanos) {
    return powered && fault != Fault.DEAD && nanos >= answersFrom;
  }

  /** {@code +CEREG}: 0 off, 2 searching, 1 home. */
  public synchronized int registration(long nanos) {
    if (!powered || !radio || !wantsNetwork || nanos < answersFrom) {
      return 0;
    }
    return nanos < registeredFrom ? 2 : 1;
  }

  /** Whether packets pass. */
  public synchronized boolean carries(long nanos) {
    return registration(nanos) == 1 && fault == Fault.NONE;
  }

  private void count(String what) {
    done.merge(what, 1, Integer::sum);
  }

  private void mends(Fault upTo) {
    if (fault.ordinal() <= upTo.ordinal()) {
      fault = Fault.NONE;
    }
  }

  /** {@code AT+COPS=2} and {@code AT+COPS=0}. */
  synchronized void network(boolean wanted, long nanos) {
    if (wanted && !wantsNetwork) {
      count("reregister");
      mends(Fault.FORGOTTEN);
      registeredFrom = nanos + SEARCH_NANOS;
    }
    wantsNetwork = wanted;
  }

  /** {@code AT+CFUN=4} or {@code 0}, and {@code AT+CFUN=1}. */
  synchronized void radio(boolean on, long nanos) {
    if (on && !radio) {
      count("radio");
      mends(Fault.RADIO_HANGS);
      registeredFrom = nanos + SEARCH_NANOS;
    }
    radio = on;
  }

  /** {@code AT+CFUN=1,1}. */
  synchronized void reset(long nanos) {
    count("reset");
    mends(Fault.PROGRAM_HANGS);
    boot(nanos);
  }

  private void boot(long nanos) {
    radio = true;
    wantsNetwork = true;
    answersFrom = nanos + BOOT_NANOS;
    registeredFrom = answersFrom + SEARCH_NANOS;
  }

  /** Its supply, as a relay switches it. */
  public synchronized void power(boolean on, long nanos) {
    if (powered && !on) {
      unpoweredSince = nanos;
    } else if (!powered && on) {
      count("power");
      if (nanos - unpoweredSince >= DISCHARGE_NANOS) {
        mends(Fault.DEAD);
      }
      boot(nanos);
    }
    powered = on;
  }

  /** The computer has started anew. */
  public synchronized void rebooted() {
    count("reboot");
    if (fault == Fault.HOST_HANGS) {
      fault = Fault.NONE;
    }
  }
}
