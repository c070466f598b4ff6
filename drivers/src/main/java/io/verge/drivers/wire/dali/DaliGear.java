package io.verge.drivers.wire.dali;

import io.verge.driver.BusException;
import io.verge.driver.BusSession;
import java.util.Arrays;

/** One gear behind a master, for one poll or order. */
public final class DaliGear {
  /** A byte of a bank that the gear does not have. */
  public static final int ABSENT = -1;

  /** Odd, so that 256 doubts have 256 numbers. */
  private static final int NUMBER_STEP = 73;

  private final DaliMaster master;
  private final BusSession bus;
  private final int address;

  /**
   * @param address short address, 0..63.
   */
  public DaliGear(DaliMaster master, BusSession bus, int address) {
    this.master = master;
    this.bus = bus;
    this.address = address;
  }

  /** A query's or command's opcode. A query is asked only when nothing late can answer it. */
  public DaliReply command(int opcode) throws BusException {
    int frame = Dali.command(address, opcode);
    DaliReply turn = Dali.isQuery(frame) ? catchUp() : DaliReply.nothing();
    return turn.kind() == DaliReply.Kind.NOTHING ? master.send(bus, frame) : turn;
  }

  /**
   * A backward frame does not tell its question. After a missed one the gear holds a number that no
   * earlier doubt had, then its complement: it can answer both only if nothing late stands before
   * them.
   *
   * @return of kind NOTHING if the next answer will be its question's; else why it may not be.
   */
  private DaliReply catchUp() throws BusException {
    int missed = bus.missed();
    if (missed == 0) {
      return DaliReply.nothing();
    }
    int number = missed * NUMBER_STEP & 0xFF;
    DaliReply reply = holding(number);
    reply = reply.kind() == DaliReply.Kind.NOTHING ? holding(~number & 0xFF) : reply;
    if (reply.kind() == DaliReply.Kind.NOTHING) {
      bus.caughtUp();
    } else {
      bus.miss();
    }
    return reply;
  }

  /** Kind NOTHING if the gear answers what it was just told to hold. */
  private DaliReply holding(int number) throws BusException {
    DaliReply told = special(Dali.DTR0, number);
    if (told.kind() != DaliReply.Kind.NOTHING) {
      return told.hasValue() ? DaliReply.late() : told;
    }
    DaliReply held = ask(Dali.QUERY_DTR0);
    if (held.kind() == DaliReply.Kind.NOTHING) {
      return DaliReply.absent();
    }
    return !held.hasValue()
        ? held
        : held.value() == number ? DaliReply.nothing() : DaliReply.late();
  }

  public DaliReply level(int level) throws BusException {
    return master.send(bus, Dali.level(address, level));
  }

  /** 0 logarithmic, 1 linear; no answer from gear that is no LED module. */
  public DaliReply curve() throws BusException {
    DaliReply reply = catchUp();
    if (reply.kind() != DaliReply.Kind.NOTHING) {
      return reply;
    }
    reply = special(Dali.ENABLE_TYPE, Dali.LED);
    reply = reply.wasSent() ? ask(Dali.QUERY_CURVE) : reply;
    return bus.missed() == 0 ? reply : DaliReply.late();
  }

  private DaliReply ask(int opcode) throws BusException {
    return master.send(bus, Dali.command(address, opcode));
  }

  /**
   * The bytes of a bank.
   *
   * @param bytes by offset; {@link #ABSENT} where the gear has none. Empty: no such bank, or {@code
   *     trouble} says why not.
   * @param trouble the reply that ended the reading; kind VALUE where nothing did.
   */
  public record Bank(int[] bytes, DaliReply trouble) {}

  /**
   * Reads a bank from offset 3 on, frozen by its latch. Each byte read moves the gear's pointer on,
   * also one whose answer is lost: the first missed answer ends the reading, and the pointer tells
   * whether every byte is that of its offset. It is asked before the last byte too, since it may
   * stop behind the bank's end.
   *
   * @param last the highest offset wanted.
   */
  public Bank bank(int bank, int last) throws BusException {
    DaliReply reply = catchUp();
    if (reply.kind() != DaliReply.Kind.NOTHING) {
      return new Bank(new int[0], reply);
    }
    reply = point(bank, 0);
    reply = reply.wasSent() ? ask(bank, Dali.READ_MEMORY) : reply;
    if (!reply.hasValue()) {
      return new Bank(new int[0], reply);
    }
    int end = Math.min(last, reply.value());
    int[] bytes = new int[end + 1];
    Arrays.fill(bytes, ABSENT);
    reply = latch();
    for (int at = DaliMemory.OFFSET_FIRST; reply.wasSent() && at <= end; at++) {
      reply = at == end ? place(bank, at) : reply;
      if (!reply.wasSent()) {
        break;
      }
      reply = ask(bank, Dali.READ_MEMORY);
      bytes[at] = reply.hasValue() ? reply.value() : ABSENT;
      if (reply.kind() == DaliReply.Kind.COLLISION) {
        return new Bank(new int[0], reply);
      }
    }
    reply = reply.wasSent() ? place(bank, Math.max(end + 1, DaliMemory.OFFSET_FIRST)) : reply;
    return new Bank(reply.hasValue() ? bytes : new int[0], reply);
  }

  private DaliReply ask(int bank, int opcode) throws BusException {
    DaliReply reply = ask(opcode);
    return bus.missed() == 0 ? reply : lost(bank);
  }

  private static DaliReply lost(int bank) {
    return DaliReply.fault("an answer was lost while bank " + bank + " was read");
  }

  /** A value where the gear's pointer is as expected; else why not. */
  private DaliReply place(int bank, int expected) throws BusException {
    DaliReply reply = ask(bank, Dali.QUERY_DTR0);
    return reply.kind() == DaliReply.Kind.NOTHING || reply.hasValue() && reply.value() != expected
        ? lost(bank)
        : reply;
  }

  private DaliReply point(int bank, int offset) throws BusException {
    DaliReply reply = special(Dali.DTR1, bank);
    return reply.wasSent() ? special(Dali.DTR0, offset) : reply;
  }

  private DaliReply latch() throws BusException {
    DaliReply reply = ask(Dali.ENABLE_WRITE_MEMORY);
    reply = reply.wasSent() ? special(Dali.DTR0, DaliMemory.OFFSET_LATCH) : reply;
    return reply.wasSent() ? special(Dali.WRITE_MEMORY_SILENTLY, DaliMemory.LATCH) : reply;
  }

  private DaliReply special(int first, int value) throws BusException {
    return master.send(bus, Dali.special(first, value));
  }
}
