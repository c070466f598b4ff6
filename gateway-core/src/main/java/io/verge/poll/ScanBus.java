package io.verge.poll;

import io.verge.driver.BusSession;
import io.verge.health.Counters;
import io.verge.time.Ticker;
import io.verge.transport.ByteTransport;
import io.verge.transport.PortUri;
import io.verge.transport.TransportException;
import io.verge.transport.TransportProvider;

/** A byte bus without devices, for a search: open for one format, with all manners of a bus. */
public final class ScanBus implements AutoCloseable {
  private final ByteTransport transport;
  private final ByteBus bus;

  private ScanBus(ByteTransport transport, ByteBus bus) {
    this.transport = transport;
    this.bus = bus;
  }

  /**
   * Opens the port.
   *
   * @throws TransportException if it can't be opened.
   */
  public static ScanBus open(
      BusSettings settings, PortUri uri, TransportProvider provider, Ticker ticker, FrameTap tap)
      throws TransportException {
    ByteTransport transport = provider.open(uri, ticker);
    return new ScanBus(transport, new ByteBus(settings, transport, ticker, new Counters(), tap));
  }

  public BusSession session() {
    return bus;
  }

  @Override
  public void close() {
    transport.close();
  }
}
