package io.verge.transport.gpio;

import io.verge.transport.GpioChip;
import io.verge.transport.TransportException;
import java.util.List;

/**
 * An input with the kernel's time stamps. Its edges are fetched by whoever comes first: the
 * listening thread when the kernel wakes it, or the bus thread when it takes them, so that nothing
 * that happened before a taking is missing from it.
 */
final class ChardevInput implements GpioChip.Input {
  private static final int EVENTS_AT_ONCE = 64;

  /** A line that rattles faster than it is read must not hold up who reads it. */
  private static final int READS_MAX = 4 * GpioAbi.EVENTS_MAX / EVENTS_AT_ONCE;

  private final ChardevChip chip;
  private final int line;
  private final int fd;
  private final byte[] events = new byte[EVENTS_AT_ONCE * GpioAbi.EVENT_SIZE];
  private final EdgeQueue edges = new EdgeQueue();
  private int sequence;
  private boolean broken;

  ChardevInput(ChardevChip chip, int line, int fd) {
    this.chip = chip;
    this.line = line;
    this.fd = fd;
  }

  int fd() {
    return fd;
  }

  @Override
  public boolean read() throws TransportException {
    byte[] values = GpioAbi.values(false);
    chip.call(line, "cannot be read", fd, GpioAbi.GET_VALUES, values);
    return GpioAbi.isHigh(values);
  }

  @Override
  public List<GpioChip.Edge> takeEdges() throws TransportException {
    chip.checkOpen();
    if (!fetch()) {
      throw chip.gone(line);
    }
    return edges.take();
  }

  @Override
  public long lostEdges() {
    return edges.lost();
  }

  /** Any thread. Returns false if the line is gone. */
  synchronized boolean fetch() {
    Kernel kernel = chip.kernel();
    boolean[] ready = new boolean[1];
    for (int reads = 0; reads < READS_MAX && !broken; reads++) {
      int count = kernel.poll(new int[] {fd}, ready, 0);
      if (count == 0) {
        return true;
      }
      int bytes = count < 0 ? count : kernel.read(fd, events);
      if (bytes == -Kernel.EINTR) {
        continue;
      }
      if (bytes <= 0) {
        broken = true;
        return false;
      }
      for (int at = 0; at + GpioAbi.EVENT_SIZE <= bytes; at += GpioAbi.EVENT_SIZE) {
        hear(GpioAbi.event(events, at));
      }
    }
    return !broken;
  }

  private void hear(GpioAbi.Event event) {
    int missing = event.sequence() - sequence - 1;
    if (missing > 0) {
      edges.lose(missing);
    }
    sequence = event.sequence();
    edges.put(new GpioChip.Edge(event.nanos(), event.rising()));
  }
}
