package io.verge.simulator.world;

import io.verge.simulator.device.CalmLine;
import io.verge.simulator.device.Line;
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
import java.util.TreeMap;

/** Ports of the scheme {@code sim}: a line of the street, without a terminal between. */
final class WireProvider implements TransportProvider {
  static final long CHARACTER_NANOS = 1_041_667;
  static final long THINKING_NANOS = CalmLine.THINKING_NANOS;

  private final TreeMap<String, Line> lines;

  /** Wires on calm lines of 9600 baud. */
  WireProvider(Map<String, Wire> wires) {
    this(new TreeMap<String, Line>());
    wires.forEach((name, wire) -> lines.put(name, new CalmLine(wire, CHARACTER_NANOS)));
  }

  private WireProvider(TreeMap<String, Line> lines) {
    this.lines = lines;
  }

  static WireProvider over(Map<String, ? extends Line> lines) {
    return new WireProvider(new TreeMap<String, Line>(lines));
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
    return lines.containsKey(uri.place())
        ? List.of()
        : List.of("no line '" + uri.place() + "' in this street");
  }

  @Override
  public ByteTransport open(PortUri uri, Ticker ticker) throws TransportException {
    Line line = lines.get(uri.place());
    if (line == null) {
      throw new TransportException(uri + ": no such line", false);
    }
    if (!line.isPlugged(ticker.nanos())) {
      throw new TransportException(uri + " does not exist", true);
    }
    return new LineTransport(uri.place(), line, ticker);
  }

  @Override
  public GpioChip openLines(PortUri uri, Ticker ticker) throws TransportException {
    throw new TransportException(uri + " has no lines", false);
  }

  /** Reading waits in simulated time. */
  private static final class LineTransport implements ByteTransport {
    private final String place;
    private final Line line;
    private final Ticker ticker;
    private byte[] rest = new byte[0];

    LineTransport(String place, Line line, Ticker ticker) {
      this.place = place;
      this.line = line;
      this.ticker = ticker;
    }

    private void check() throws TransportException {
      if (!line.isPlugged(ticker.nanos())) {
        throw new TransportException(place + " is gone: was the adapter unplugged?", true);
      }
    }

    @Override
    public void write(byte[] source, long deadlineNanos) throws TransportException {
      check();
      ticker.sleepUntil(ticker.nanos() + source.length * line.characterNanos());
      line.heard(source, ticker.nanos());
    }

    @Override
    public int read(byte[] target, int offset, long deadlineNanos) throws TransportException {
      while (true) {
        check();
        rest = rest.length > 0 ? rest : line.say(ticker.nanos());
        if (rest.length > 0) {
          int count = Math.min(rest.length, target.length - offset);
          System.arraycopy(rest, 0, target, offset, count);
          rest = Arrays.copyOfRange(rest, count, rest.length);
          return count;
        }
        if (ticker.nanos() >= deadlineNanos) {
          return 0;
        }
        ticker.sleepUntil(Math.min(deadlineNanos, line.nextNanos(ticker.nanos())));
      }
    }

    @Override
    public void discardInput() throws TransportException {
      check();
      rest = new byte[0];
      line.say(ticker.nanos());
    }

    @Override
    public long characterNanos() {
      return line.characterNanos();
    }

    @Override
    public void close() {}
  }
}
