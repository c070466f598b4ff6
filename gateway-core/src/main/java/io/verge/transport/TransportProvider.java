package io.verge.transport;

import io.verge.time.Ticker;
import java.util.List;

/** Opens the ports of one URI scheme. Found by {@code ServiceLoader} in {@code runtime}. */
public interface TransportProvider {
  /** {@code serial}, {@code tcp}, {@code gpio}, … */
  String scheme();

  /** Whether its ports are GPIO chips rather than byte streams. */
  boolean hasLines();

  /**
   * Everything wrong with the URI, as sentences; empty if it may be opened. Touches no hardware.
   */
  List<String> check(PortUri uri);

  /**
   * What opening the port needs of {@code /dev}: paths of nodes or of links to them, or {@code
   * char-NAME} for every device of a class, as {@code /proc/devices} names it. Touches no hardware.
   */
  default List<String> devices(PortUri uri) {
    return List.of();
  }

  /**
   * @throws TransportException if it cannot be opened, or {@link #hasLines()}.
   */
  ByteTransport open(PortUri uri, Ticker ticker) throws TransportException;

  /**
   * The GPIO chips there are, with their lines. Claims none of them.
   *
   * @throws TransportException if there are some that may not be looked at.
   */
  default List<ChipView> chips() throws TransportException {
    return List.of();
  }

  /**
   * @throws TransportException if it cannot be opened, or not {@link #hasLines()}.
   */
  GpioChip openLines(PortUri uri, Ticker ticker) throws TransportException;
}
