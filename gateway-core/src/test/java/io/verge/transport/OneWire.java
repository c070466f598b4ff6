package io.verge.transport;

import io.verge.time.Ticker;
import java.util.List;

/** The one wire of a test, under a time of its own: port, provider and clock in one. */
public abstract class OneWire implements TransportProvider, ByteTransport, Ticker {
  private final long characterNanos;
  private long nanos = 1_000_000_000;

  protected OneWire(long characterNanos) {
    this.characterNanos = characterNanos;
  }

  @Override
  public final long characterNanos() {
    return characterNanos;
  }

  @Override
  public final long nanos() {
    return nanos;
  }

  @Override
  public final void sleepUntil(long deadlineNanos) {
    nanos = Math.max(nanos, deadlineNanos);
  }

  /** So many characters go by. */
  protected final void pass(int characters) {
    nanos += characters * characterNanos;
  }

  @Override
  public final ByteTransport open(PortUri uri, Ticker ticker) {
    return this;
  }

  @Override
  public final void close() {}

  @Override
  public final String scheme() {
    return "one";
  }

  @Override
  public final boolean hasLines() {
    return false;
  }

  @Override
  public final List<String> check(PortUri uri) {
    return List.of();
  }

  @Override
  public final GpioChip openLines(PortUri uri, Ticker ticker) throws TransportException {
    throw new TransportException("a byte wire has no lines", false);
  }
}
