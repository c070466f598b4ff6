package io.verge.simulator.gpio;

import io.verge.time.Ticker;
import io.verge.transport.ByteTransport;
import io.verge.transport.ChipView;
import io.verge.transport.GpioChip;
import io.verge.transport.PortUri;
import io.verge.transport.TransportException;
import io.verge.transport.TransportProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Ports of the scheme {@code sim-gpio}: {@code sim-gpio:cabinet} is the board of that name. */
public final class LinesProvider implements TransportProvider {
  private final Map<String, LineBoard> boards;

  public LinesProvider(Map<String, LineBoard> boards) {
    this.boards = Map.copyOf(boards);
  }

  @Override
  public String scheme() {
    return "sim-gpio";
  }

  @Override
  public boolean hasLines() {
    return true;
  }

  @Override
  public List<String> check(PortUri uri) {
    return boards.containsKey(uri.place())
        ? List.of()
        : List.of("no board '" + uri.place() + "' in this street, there is " + boards.keySet());
  }

  @Override
  public List<ChipView> chips() {
    List<ChipView> chips = new ArrayList<>();
    boards.forEach(
        (name, board) -> {
          ChipView view = board.view(name);
          if (view != null) {
            chips.add(view);
          }
        });
    return chips;
  }

  @Override
  public GpioChip openLines(PortUri uri, Ticker ticker) throws TransportException {
    LineBoard board = boards.get(uri.place());
    if (board == null) {
      throw new TransportException(uri + ": no such board", false);
    }
    return board.open(uri.place());
  }

  @Override
  public ByteTransport open(PortUri uri, Ticker ticker) throws TransportException {
    throw new TransportException(uri + " has lines, not bytes", false);
  }
}
