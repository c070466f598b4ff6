package io.verge.drivers;

import io.verge.bytes.Hex;
import io.verge.driver.Answer;
import io.verge.driver.BusSession;
import io.verge.driver.Framer;
import io.verge.driver.Framing;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A device on a bus, as the bytes it answers to each request; what it does not know is silence. */
public final class ScriptedBus implements BusSession {
  private final Map<String, Deque<byte[]>> answers = new LinkedHashMap<>();
  private final List<String> requests = new ArrayList<>();
  private String sent = "";

  /** Answers in turn; the last one for ever. */
  public ScriptedBus on(String request, String... hex) {
    Deque<byte[]> queue = new ArrayDeque<>();
    for (String one : hex) {
      queue.add(Hex.parse(one).orThrow());
    }
    answers.put(Hex.plain(Hex.parse(request).orThrow()), queue);
    return this;
  }

  public ScriptedBus on(byte[] request, byte[] answer) {
    return on(Hex.plain(request), Hex.plain(answer));
  }

  public List<String> requests() {
    return requests;
  }

  @Override
  public Answer transact(byte[] request, Framer framer) {
    String key = Hex.plain(request);
    requests.add(key);
    return answer(key, framer);
  }

  private Answer answer(String key, Framer framer) {
    Deque<byte[]> queue = answers.getOrDefault(key, new ArrayDeque<>());
    byte[] wire = queue.isEmpty() ? new byte[0] : queue.peek();
    if (queue.size() > 1) {
      queue.remove();
    }
    return heard(wire, framer);
  }

  /** What was sent last is answered late. */
  @Override
  public Answer listen(Framer framer, int waitMs) {
    if (sent.isEmpty()) {
      throw new AssertionError("nothing talks by itself here");
    }
    return answer(sent, framer);
  }

  @Override
  public void send(byte[] frame) {
    sent = Hex.plain(frame);
    requests.add(sent);
  }

  /** What a bus makes of bytes that arrive and then nothing more. */
  public static Answer heard(byte[] wire, Framer framer) {
    byte[] rest = wire;
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
}
