package io.verge.simulator.device;

import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.Queue;

/** A line on which nothing goes wrong: each answer arrives whole, after thinking. */
public final class CalmLine implements Line {
  /** How long a device thinks. */
  public static final long THINKING_NANOS = 4_000_000;

  private static final long LOOK_NANOS = 20_000_000;

  private record Lump(long nanos, byte[] bytes) {}

  private final Wire wire;
  private final long characterNanos;
  private final Queue<Lump> arriving = new ArrayDeque<>();

  public CalmLine(Wire wire, long characterNanos) {
    this.wire = wire;
    this.characterNanos = characterNanos;
  }

  @Override
  public long characterNanos() {
    return characterNanos;
  }

  @Override
  public boolean isPlugged(long nanos) {
    return true;
  }

  @Override
  public void heard(byte[] bytes, long nanos) {
    put(wire.received(bytes, nanos), nanos + THINKING_NANOS);
  }

  private void put(byte[] bytes, long begin) {
    if (bytes.length > 0) {
      arriving.add(new Lump(begin + bytes.length * characterNanos, bytes));
    }
  }

  @Override
  public byte[] say(long nanos) {
    if (arriving.isEmpty()) {
      put(wire.spontaneous(nanos), nanos);
    }
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    for (Lump next = arriving.peek();
        next != null && next.nanos() <= nanos;
        next = arriving.peek()) {
      said.writeBytes(next.bytes());
      arriving.remove();
    }
    return said.toByteArray();
  }

  @Override
  public long nextNanos(long nanos) {
    Lump next = arriving.peek();
    return next == null ? nanos + LOOK_NANOS : Math.max(nanos + 1, next.nanos());
  }
}
