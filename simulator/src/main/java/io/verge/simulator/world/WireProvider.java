package io.verge.simulator.world;

import io.verge.simulator.device.Wire;
import io.verge.time.Ticker;
import io.verge.transport.ByteTransport;
import io.verge.transport.GpioChip;
import io.verge.transport.PortUri;
import io.verge.transport.TransportException;
import io.verge.transport.TransportProvider;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Ports of the scheme {@code sim}: a wire of the street, without a terminal between. */
final class WireProvider implements TransportProvider {
  static final long CHARACTER_NANOS = 1_041_667;
  static final long THINKING_NANOS = 4_000_000;
  private static final long LOOK_NANOS = 20_000_000;

  private final Map<String, Wire> wires;

  WireProvider(Map<String, Wire> wires) {
    this.wires = Map.copyOf(wires);
  }

  @Override
  public String scheme() {
    return "sim";
  }

  @Override
  public boolean hasLines() {
    return false;
  }

  @Override
  public List<String> check(PortUri uri) {
    return wires.containsKey(uri.place())
        ? List.of()
        : List.of("no wire '" + uri.place() + "' in this street");
  }

  @Override
  public ByteTransport open(PortUri uri, Ticker ticker) throws TransportException {
    Wire wire = wires.get(uri.place());
    if (wire == null) {
      throw new TransportException(uri + ": no such wire", false);
    }
    return new WireTransport(wire, ticker);
  }

  @Override
  public GpioChip openLines(PortUri uri, Ticker ticker) throws TransportException {
    throw new TransportException(uri + " has no lines", false);
  }

  /** Reading waits in simulated time. */
  private static final class WireTransport implements ByteTransport {
    private final Wire wire;
    private final Ticker ticker;
    private byte[] arriving = new byte[0];
    private long thereNanos;

    WireTransport(Wire wire, Ticker ticker) {
      this.wire = wire;
      this.ticker = ticker;
    }

    @Override
    public void write(byte[] source, long deadlineNanos) {
      ticker.sleepUntil(ticker.nanos() + source.length * CHARACTER_NANOS);
      arriving = wire.received(source, ticker.nanos());
      thereNanos = ticker.nanos() + THINKING_NANOS + arriving.length * CHARACTER_NANOS;
    }

    @Override
    public int read(byte[] target, int offset, long deadlineNanos) {
      while (true) {
        if (arriving.length == 0) {
          arriving = wire.spontaneous(ticker.nanos());
          thereNanos = ticker.nanos() + arriving.length * CHARACTER_NANOS;
        }
        if (arriving.length > 0 && thereNanos <= deadlineNanos) {
          ticker.sleepUntil(thereNanos);
          int count = Math.min(arriving.length, target.length - offset);
          System.arraycopy(arriving, 0, target, offset, count);
          arriving = Arrays.copyOfRange(arriving, count, arriving.length);
          return count;
        }
        if (ticker.nanos() >= deadlineNanos) {
          return 0;
        }
        ticker.sleepUntil(Math.min(deadlineNanos, ticker.nanos() + LOOK_NANOS));
      }
    }

    @Override
    public void discardInput() {
      arriving = new byte[0];
    }

    @Override
    public long characterNanos() {
      return CHARACTER_NANOS;
    }

    @Override
    public void close() {}
  }
}
