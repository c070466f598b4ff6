package io.verge.poll;

import io.verge.driver.BusException;
import io.verge.driver.Driver;
import io.verge.driver.Order;
import io.verge.driver.Readout;
import io.verge.driver.SerialDriver;
import io.verge.health.Counters;
import io.verge.model.Outcome;
import io.verge.time.Ticker;
import io.verge.transport.ByteTransport;
import io.verge.transport.PortUri;
import io.verge.transport.TransportException;
import io.verge.transport.TransportProvider;
import org.jspecify.annotations.Nullable;

/** A byte bus on a port that may come and go. */
final class BytePort implements BusPort {
  private final BusSettings settings;
  private final PortUri uri;
  private final TransportProvider provider;
  private final Ticker ticker;
  private final Counters counters;
  private final FrameTap tap;
  private @Nullable ByteTransport transport;
  private @Nullable ByteBus bus;

  BytePort(
      BusSettings settings,
      PortUri uri,
      TransportProvider provider,
      Ticker ticker,
      Counters counters,
      FrameTap tap) {
    this.settings = settings;
    this.uri = uri;
    this.provider = provider;
    this.ticker = ticker;
    this.counters = counters;
    this.tap = tap;
  }

  @Override
  public void open() throws BusException {
    if (bus != null) {
      return;
    }
    try {
      ByteTransport opened = provider.open(uri, ticker);
      transport = opened;
      bus = new ByteBus(settings, opened, ticker, counters, tap);
    } catch (TransportException e) {
      throw new BusException(String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  public void setProbing(boolean probing) {
    if (bus != null) {
      bus.setProbing(probing);
    }
  }

  @Override
  public Readout poll(Driver driver) throws BusException {
    ByteBus open = opened();
    SerialDriver serial = (SerialDriver) driver;
    open.speakWith(serial.party());
    return serial.poll(open);
  }

  @Override
  public Outcome execute(Driver driver, Order order) throws BusException {
    ByteBus open = opened();
    SerialDriver serial = (SerialDriver) driver;
    open.speakWith(serial.party());
    return serial.execute(open, order);
  }

  private ByteBus opened() throws BusException {
    if (bus == null) {
      throw new BusException("the port " + uri + " is not open");
    }
    return bus;
  }

  @Override
  public void close() {
    if (transport != null) {
      transport.close();
    }
    transport = null;
    bus = null;
  }
}
