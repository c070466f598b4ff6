package io.verge.poll;

import io.verge.driver.BusException;
import io.verge.driver.Driver;
import io.verge.driver.LineDriver;
import io.verge.driver.Order;
import io.verge.driver.Readout;
import io.verge.model.Outcome;
import io.verge.model.Quality;
import io.verge.time.Ticker;
import io.verge.transport.GpioChip;
import io.verge.transport.PortUri;
import io.verge.transport.TransportException;
import io.verge.transport.TransportProvider;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a GPIO chip that may come and go. One line that can't be claimed is one device's
 * trouble: closing the chip for it would let go of every other device's lines.
 */
final class LinePort implements BusPort {
  private final PortUri uri;
  private final TransportProvider provider;
  private final Ticker ticker;
  private @Nullable GpioChip chip;
  private @Nullable LineBus bus;

  LinePort(PortUri uri, TransportProvider provider, Ticker ticker) {
    this.uri = uri;
    this.provider = provider;
    this.ticker = ticker;
  }

  @Override
  public void open() throws BusException {
    if (bus != null) {
      return;
    }
    try {
      GpioChip opened = provider.openLines(uri, ticker);
      chip = opened;
      bus = new LineBus(opened, ticker);
    } catch (TransportException e) {
      throw new BusException(String.valueOf(e.getMessage()), e);
    }
  }

  /** A line is claimed when its device is first asked. */
  @Override
  public boolean isHurried() {
    return true;
  }

  /** Lines answer at once: a probe costs what a poll costs. */
  @Override
  public void setProbing(boolean probing) {}

  @Override
  public Readout poll(Driver driver) throws BusException {
    LineBus open = opened();
    try {
      return ((LineDriver) driver).poll(open);
    } catch (BusException e) {
      if (open.takeClaimRefused()) {
        return Readout.failed(
            Quality.BUS_DOWN, driver.points().size(), String.valueOf(e.getMessage()));
      }
      throw e;
    }
  }

  @Override
  public Outcome execute(Driver driver, Order order) throws BusException {
    LineBus open = opened();
    try {
      return ((LineDriver) driver).execute(open, order);
    } catch (BusException e) {
      if (open.takeClaimRefused()) {
        return Outcome.of(Outcome.State.FAILED, String.valueOf(e.getMessage()));
      }
      throw e;
    }
  }

  private LineBus opened() throws BusException {
    if (bus == null) {
      throw new BusException("the port " + uri + " is not open");
    }
    return bus;
  }

  @Override
  public void close() {
    if (chip != null) {
      chip.close();
    }
    chip = null;
    bus = null;
  }
}
