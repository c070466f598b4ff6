package io.verge.drivers.wire.bcd;

import io.verge.driver.BusException;
import io.verge.driver.BusScanner;
import java.util.Arrays;

/**
 * Search among meters whose address bytes may be asked for with AA, which fits any: all at once,
 * and where several answer, the lowest byte is made certain, then the next. 100 questions a byte.
 */
public final class WildcardSearch {
  private static final byte ANY = (byte) 0xAA;
  private static final int VALUES = 100;

  /** What was heard to an address. */
  public enum Heard {
    NOBODY,
    /** One whole answer in each way of asking, and nothing after it. */
    ONE,
    SEVERAL;

    /** Of two ways of asking the same address. */
    public Heard and(Heard other) {
      return compareTo(other) >= 0 ? this : other;
    }
  }

  /** Asks an address and reports what answers. */
  @FunctionalInterface
  public interface Question {
    /**
     * @param address low byte first.
     * @throws BusException if the port is gone.
     */
    Heard ask(byte[] address) throws BusException;
  }

  private final Question question;
  private final BusScanner.Report report;
  private final int bytes;

  /**
   * @param bytes of an address.
   */
  public WildcardSearch(Question question, BusScanner.Report report, int bytes) {
    this.question = question;
    this.report = report;
    this.bytes = bytes;
  }

  /**
   * @throws BusException if the port is gone.
   */
  public void run() throws BusException {
    byte[] address = new byte[bytes];
    Arrays.fill(address, ANY);
    under(address, 0);
  }

  /** Whether any meter answers to addresses with this many low bytes certain. */
  private boolean under(byte[] address, int certain) throws BusException {
    if (!report.goesOn()) {
      return true;
    }
    String digits = Bcd.digits(address, 0, bytes);
    report.at("address " + digits);
    Heard heard = question.ask(address);
    if (heard != Heard.SEVERAL) {
      return heard == Heard.ONE;
    }
    if (certain == bytes) {
      report.note("several meters have the address " + digits + ": connect them one by one");
      return true;
    }
    boolean any = false;
    for (int value = 0; value < VALUES; value++) {
      byte[] narrower = address.clone();
      narrower[certain] = (byte) (value / 10 << 4 | value % 10);
      any |= under(narrower, certain + 1);
    }
    if (!any) {
      report.note(
          "several meters or noise at address "
              + digits
              + ", but nothing answers to part of an address: connect them one by one");
    }
    return true;
  }
}
