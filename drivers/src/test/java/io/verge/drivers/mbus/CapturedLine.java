package io.verge.drivers.mbus;

import io.verge.bytes.Hex;
import io.verge.driver.BusException;
import io.verge.driver.BusSession;
import io.verge.poll.BusSettings;
import io.verge.poll.ScanBus;
import io.verge.transport.OneWire;
import io.verge.transport.PortUri;
import io.verge.transport.TransportException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A wire at 2400 baud on which a recorded meter answers: its captured bytes come in lumps, in
 * virtual time, to the real bus. A request that was not recorded stays unanswered.
 */
final class CapturedLine extends OneWire {
  /** Start bit, 8 bits, parity and stop bit at 2400 baud. */
  private static final long CHARACTER_NANOS = 11_000_000_000L / 2400;

  private static final int RESPONSE_NANOS = 30_000_000;

  private final Map<String, byte[]> answers = new HashMap<>();
  private final List<String> requests = new ArrayList<>();
  private final int lump;
  private final boolean echoes;
  private byte[] coming = new byte[0];
  private long comingNanos;

  /**
   * @param lump bytes that arrive at once.
   * @param echoes whether the converter hears what it sends.
   */
  CapturedLine(int lump, boolean echoes) {
    super(CHARACTER_NANOS);
    this.lump = lump;
    this.echoes = echoes;
  }

  CapturedLine on(String request, String answer) {
    answers.put(request, Hex.parse(answer).orThrow());
    return this;
  }

  List<String> requests() {
    return requests;
  }

  /** Something done on a real bus on this wire. */
  interface Talk<T> {
    T with(BusSession bus) throws BusException;
  }

  <T> T talk(Talk<T> talk) throws TransportException, BusException {
    BusSettings settings = new BusSettings("captured", 250, 0, 50, echoes);
    PortUri uri = PortUri.parse("serial:/dev/captured").orThrow();
    try (ScanBus bus = ScanBus.open(settings, uri, this, this, (n, t, s, b) -> {})) {
      return talk.with(bus.session());
    }
  }

  @Override
  public void write(byte[] source, long deadlineNanos) {
    String request = Hex.plain(source);
    requests.add(request);
    pass(source.length);
    byte[] answer = answers.getOrDefault(request, new byte[0]);
    int echo = echoes ? source.length : 0;
    coming = Arrays.copyOf(source, echo + answer.length);
    System.arraycopy(answer, 0, coming, echo, answer.length);
    comingNanos = nanos() + (echo > 0 ? 0 : RESPONSE_NANOS);
  }

  @Override
  public int read(byte[] target, int offset, long deadlineNanos) {
    int bytes = Math.min(Math.min(lump, coming.length), target.length - offset);
    long there = Math.max(nanos(), comingNanos) + bytes * CHARACTER_NANOS;
    if (bytes == 0 || there > deadlineNanos) {
      sleepUntil(deadlineNanos);
      return 0;
    }
    sleepUntil(there);
    comingNanos = there;
    System.arraycopy(coming, 0, target, offset, bytes);
    coming = Arrays.copyOfRange(coming, bytes, coming.length);
    return bytes;
  }

  @Override
  public void discardInput() {
    coming = new byte[0];
  }
}
