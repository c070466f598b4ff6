package io.verge.drivers;

import io.verge.bytes.Hex;
import io.verge.driver.Answer;
import io.verge.driver.BusSession;
import io.verge.driver.Framer;
import io.verge.driver.Framing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A bus on which these bytes arrive and then nothing more; what is sent is remembered. */
public final class Listened implements BusSession {
  private final byte[] wire;
  private final List<String> sent = new ArrayList<>();
  private byte[] rest;

  public Listened(byte[] wire) {
    this.wire = wire;
    this.rest = wire;
  }

  public static Listened hex(String wire) {
    return new Listened(Hex.parse(wire).orThrow());
  }

  public List<String> sent() {
    return sent;
  }

  @Override
  public Answer listen(Framer framer, int waitMs) {
    while (rest.length > 0) {
      Framing framing = framer.examine(rest, rest.length);
      if (framing.state() == Framing.State.NEED_MORE) {
        break;
      }
      byte[] taken = Arrays.copyOf(rest, framing.length());
      rest = Arrays.copyOfRange(rest, framing.length(), rest.length);
      if (framing.state() == Framing.State.COMPLETE) {
        return new Answer.Frame(taken);
      }
    }
    return wire.length == 0 ? new Answer.Silence() : new Answer.Garbled(wire);
  }

  @Override
  public Answer transact(byte[] request, Framer framer) {
    sent.add(Hex.plain(request));
    return listen(framer, 1);
  }

  @Override
  public void send(byte[] frame) {
    sent.add(Hex.plain(frame));
  }
}
