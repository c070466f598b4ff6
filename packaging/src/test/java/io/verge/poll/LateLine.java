package io.verge.poll;

import io.verge.simulator.device.Wire;
import io.verge.transport.OneWire;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/** A line whose answers come in their order, each with a part that is as late as its test wants. */
final class LateLine extends OneWire {
  static final long CHARACTER_NANOS = 260_000;
  private static final long THINKING_NANOS = 5_000_000;

  /** How late a part of an answer comes. */
  @FunctionalInterface
  interface Lateness {
    /**
     * @param number of the answer, from 0 on.
     */
    Part of(int number, int length);
  }

  /** The bytes from {@code cut} on come so much later. */
  record Part(int cut, long nanos) {
    static final Part NONE = new Part(0, 0);
  }

  private record Lump(byte[] bytes, long nanos) {}

  private final Wire wire;
  private final Lateness lateness;
  private final Deque<Lump> coming = new ArrayDeque<>();
  private byte[] rest = new byte[0];
  private long lastNanos;
  private int answers;

  LateLine(Wire wire, Lateness lateness) {
    super(CHARACTER_NANOS);
    this.wire = wire;
    this.lateness = lateness;
  }

  int answers() {
    return answers;
  }

  @Override
  public void write(byte[] source, long deadlineNanos) {
    pass(source.length);
    byte[] said = wire.received(source, nanos());
    if (said.length > 0) {
      Part late = lateness.of(answers++, said.length);
      long begin = nanos() + THINKING_NANOS;
      put(Arrays.copyOf(said, late.cut()), begin);
      put(Arrays.copyOfRange(said, late.cut(), said.length), begin + late.nanos());
    }
  }

  private void put(byte[] bytes, long begin) {
    lastNanos = Math.max(lastNanos, begin) + bytes.length * CHARACTER_NANOS;
    coming.add(new Lump(bytes, lastNanos));
  }

  @Override
  public int read(byte[] target, int offset, long deadlineNanos) {
    while (rest.length == 0) {
      Lump next = coming.peek();
      if (next == null || next.nanos() > Math.max(nanos(), deadlineNanos)) {
        sleepUntil(deadlineNanos);
        return 0;
      }
      sleepUntil(next.nanos());
      rest = coming.remove().bytes();
    }
    int count = Math.min(rest.length, target.length - offset);
    System.arraycopy(rest, 0, target, offset, count);
    rest = Arrays.copyOfRange(rest, count, rest.length);
    return count;
  }

  @Override
  public void discardInput() {
    rest = new byte[0];
    while (!coming.isEmpty() && coming.element().nanos() <= nanos()) {
      coming.remove();
    }
  }
}
