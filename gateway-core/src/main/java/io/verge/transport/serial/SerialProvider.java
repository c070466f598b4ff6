package io.verge.transport.serial;

import com.fazecast.jSerialComm.SerialPort;
import com.fazecast.jSerialComm.SerialPortInvalidPortException;
import io.verge.time.Ticker;
import io.verge.transport.ByteTransport;
import io.verge.transport.GpioChip;
import io.verge.transport.PortUri;
import io.verge.transport.TransportException;
import io.verge.transport.TransportProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serial ports: {@code serial:/dev/ttyAMA0?baud=9600&format=8E1&rs485=on}. */
public final class SerialProvider implements TransportProvider {
  private static final Logger LOG = LoggerFactory.getLogger(SerialProvider.class);
  private static final int PTY_MAJOR_FIRST = 136;
  private static final int PTY_MAJOR_LAST = 143;

  @Override
  public String scheme() {
    return "serial";
  }

  @Override
  public boolean hasLines() {
    return false;
  }

  @Override
  public List<String> check(PortUri uri) {
    return SerialFormat.check(uri);
  }

  @Override
  public List<String> devices(PortUri uri) {
    return List.of(uri.place());
  }

  @Override
  public ByteTransport open(PortUri uri, Ticker ticker) throws TransportException {
    List<String> wrong = check(uri);
    if (!wrong.isEmpty()) {
      throw new TransportException(uri + ": " + wrong.get(0), false);
    }
    SerialFormat format = SerialFormat.of(uri);
    Path device = device(uri);
    SerialPort port;
    try {
      port = SerialPort.getCommPort(device.toString());
    } catch (SerialPortInvalidPortException e) {
      throw new TransportException(device + " is not a serial port", true, e);
    }
    if (isPseudoTerminal(device)) {
      // It keeps eight bits without parity whatever it is told, and glibc refuses what is not kept.
      LOG.debug("{} is a pseudo-terminal: it has no parity, and takes {} as 8N1", device, uri);
      port.setComPortParameters(
          format.baud(), 8, SerialPort.ONE_STOP_BIT, SerialPort.NO_PARITY, false);
    } else {
      port.setComPortParameters(
          format.baud(), format.dataBits(), stopBits(format), parity(format), false);
    }
    port.setFlowControl(SerialPort.FLOW_CONTROL_DISABLED);
    port.setComPortTimeouts(SerialPort.TIMEOUT_READ_SEMI_BLOCKING, SerialTransport.BLOCKS_MS, 0);
    if (format.rs485()) {
      port.setRs485ModeParameters(true, true, 0, 0);
    }
    if (!port.openPort(0)) {
      throw new TransportException(
          device
              + " cannot be opened (error "
              + port.getLastErrorCode()
              + "): another program may hold it, see: fuser "
              + device,
          true);
    }
    return new SerialTransport(uri.place(), port, format.characterNanos(), ticker);
  }

  /** The link is followed at each opening: an adapter may come back under another number. */
  private static Path device(PortUri uri) throws TransportException {
    Path path = Path.of(uri.place());
    if (!Files.exists(path)) {
      throw new TransportException(
          path + " does not exist: is the adapter plugged in? See: ls -l /dev/serial/by-id", true);
    }
    if (!Files.isReadable(path) || !Files.isWritable(path)) {
      throw new TransportException(
          path
              + ": no permission; is the service's user in group dialout, and the port in:"
              + " systemctl show -P DeviceAllow verge",
          true);
    }
    try {
      return path.toRealPath();
    } catch (IOException e) {
      throw new TransportException(path + ": " + e.getMessage(), true, e);
    }
  }

  /** By its device's major number: 136 to 143 (Linux, admin-guide/devices.txt). */
  private static boolean isPseudoTerminal(Path device) throws TransportException {
    try {
      int number = ((Number) Files.getAttribute(device, "unix:rdev")).intValue();
      int major = number >> 8 & 0xFFF;
      return major >= PTY_MAJOR_FIRST && major <= PTY_MAJOR_LAST;
    } catch (UnsupportedOperationException e) {
      return false;
    } catch (IOException e) {
      throw new TransportException(device + ": " + e.getMessage(), true, e);
    }
  }

  private static int stopBits(SerialFormat format) {
    return format.stopBits() == 2 ? SerialPort.TWO_STOP_BITS : SerialPort.ONE_STOP_BIT;
  }

  private static int parity(SerialFormat format) {
    return switch (format.parity()) {
      case 'E' -> SerialPort.EVEN_PARITY;
      case 'O' -> SerialPort.ODD_PARITY;
      case 'M' -> SerialPort.MARK_PARITY;
      case 'S' -> SerialPort.SPACE_PARITY;
      default -> SerialPort.NO_PARITY;
    };
  }

  @Override
  public GpioChip openLines(PortUri uri, Ticker ticker) throws TransportException {
    throw new TransportException(uri + " has no lines", false);
  }
}
