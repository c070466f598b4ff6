package io.verge.transport.gpio;

import com.pi4j.io.gpio.digital.DigitalInput;
import com.pi4j.io.gpio.digital.DigitalState;
import io.verge.time.Ticker;
import io.verge.transport.GpioChip;
import io.verge.transport.TransportException;
import java.util.List;

/**
 * An input heard through Pi4J, whose events carry no time: an edge is stamped when Pi4J's thread
 * tells it. Pi4J doesn't tell of edges it lost either, so the level is compared with the last edge:
 * a difference nothing explains within a second is a lost edge.
 */
final class Pi4jInput implements GpioChip.Input {
  private static final long EXPLAIN_NANOS = 1_000_000_000L;

  private final Pi4jChip chip;
  private final int line;
  private final DigitalInput input;
  private final Ticker ticker;
  private final EdgeQueue edges = new EdgeQueue();
  private boolean known;
  private long oddSinceNanos = -1;

  Pi4jInput(Pi4jChip chip, int line, DigitalInput input, Ticker ticker) {
    this.chip = chip;
    this.line = line;
    this.input = input;
    this.ticker = ticker;
    input.addListener(
        event -> edges.put(new GpioChip.Edge(ticker.nanos(), event.state() == DigitalState.HIGH)));
    this.known = input.state() == DigitalState.HIGH;
  }

  @Override
  public boolean read() throws TransportException {
    chip.checkOpen();
    try {
      return input.state() == DigitalState.HIGH;
    } catch (RuntimeException e) {
      throw chip.failed(line, "cannot be read", e);
    }
  }

  @Override
  public List<GpioChip.Edge> takeEdges() throws TransportException {
    boolean level = read();
    long now = ticker.nanos();
    List<GpioChip.Edge> taken = edges.take();
    if (!taken.isEmpty()) {
      known = taken.get(taken.size() - 1).rising();
      oddSinceNanos = -1;
    } else if (level == known) {
      oddSinceNanos = -1;
    } else if (oddSinceNanos < 0) {
      oddSinceNanos = now;
    } else if (now - oddSinceNanos >= EXPLAIN_NANOS) {
      edges.lose(1);
      known = level;
      oddSinceNanos = -1;
    }
    return taken;
  }

  @Override
  public long lostEdges() {
    return edges.lost();
  }
}
