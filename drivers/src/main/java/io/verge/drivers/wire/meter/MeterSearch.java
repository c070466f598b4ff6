package io.verge.drivers.wire.meter;

import io.verge.driver.Answer;
import io.verge.driver.BusException;
import io.verge.driver.BusScanner.Report;
import io.verge.driver.BusSession;
import io.verge.driver.Framer;
import io.verge.drivers.wire.bcd.WildcardSearch;
import io.verge.drivers.wire.bcd.WildcardSearch.Heard;
import java.util.HashSet;
import java.util.Set;

/** A search by addresses with wildcards: what is asked and what is found is the standard's. */
public abstract class MeterSearch {
  /** An answer that comes this long after the first is another meter's. */
  private static final int SECOND_MS = 100;

  private final BusSession bus;
  private final Report report;
  private final Set<String> found = new HashSet<>();

  protected MeterSearch(BusSession bus, Report report) {
    this.bus = bus;
    this.report = report;
  }

  /**
   * @param addressBytes of a whole address.
   * @throws BusException if the port is gone.
   */
  public final void run(int addressBytes) throws BusException {
    new WildcardSearch(this::ask, report, addressBytes).run();
  }

  /** Asks all meters that an address fits, with {@link #ask(byte[], Framer)}. */
  protected abstract Heard ask(byte[] address) throws BusException;

  /** The only one that answered. */
  protected abstract void heard(byte[] frame);

  protected final Heard ask(byte[] request, Framer framer) throws BusException {
    Answer answer = bus.transact(request, framer);
    if (!(answer instanceof Answer.Frame whole)) {
      return answer instanceof Answer.Silence ? Heard.NOBODY : Heard.SEVERAL;
    }
    if (!(bus.listen(framer, SECOND_MS) instanceof Answer.Silence)) {
      return Heard.SEVERAL;
    }
    heard(whole.bytes());
    return Heard.ONE;
  }

  protected final Report report() {
    return report;
  }

  /** Whether this meter was not found before. */
  protected final boolean isNew(String address) {
    return found.add(address);
  }
}
