package io.verge.transport.gpio;

import io.verge.time.Ticker;
import io.verge.transport.ByteTransport;
import io.verge.transport.ChipView;
import io.verge.transport.GpioChip;
import io.verge.transport.PortUri;
import io.verge.transport.TransportException;
import io.verge.transport.TransportProvider;
import java.util.ArrayList;
import java.util.List;

/**
 * GPIO chips: {@code gpio:gpiochip0?via=pi4j|chardev&debounce=2ms}. Without {@code via}, Pi4J
 * drives the header of a Raspberry Pi, and the kernel's character device every other chip. {@code
 * debounce} is the kernel's, on every input, before the device's own.
 */
public final class GpioProvider implements TransportProvider {
  private static final String PINCTRL = "pinctrl";
  private static final String HINT = "expected for example gpiochip0; see: gpiodetect";

  @Override
  public String scheme() {
    return "gpio";
  }

  @Override
  public boolean hasLines() {
    return true;
  }

  @Override
  public List<String> check(PortUri uri) {
    List<String> wrong = new ArrayList<>();
    if (!uri.place().matches("gpiochip[0-9]{1,4}")) {
      wrong.add("chip '" + uri.place() + "', " + HINT);
    }
    for (String key : uri.options().keySet()) {
      if (!key.equals("via") && !key.equals("debounce")) {
        wrong.add("unknown option '" + key + "', expected via or debounce");
      }
    }
    String via = via(uri);
    if (!via.matches("auto|pi4j|chardev")) {
      wrong.add("via '" + via + "', expected pi4j or chardev");
    }
    String debounce = uri.options().getOrDefault("debounce", "0ms");
    if (!debounce.matches("[0-9]{1,3}ms")) {
      wrong.add("debounce '" + debounce + "', expected 0ms..999ms");
    } else if (via.equals("pi4j") && debounceMicros(uri) > 0) {
      wrong.add("debounce is the kernel's, and Pi4J cannot ask for it; use via=chardev");
    }
    return wrong;
  }

  private static String via(PortUri uri) {
    return uri.options().getOrDefault("via", "auto");
  }

  private static int debounceMicros(PortUri uri) {
    return Integer.parseInt(uri.options().getOrDefault("debounce", "0ms").replace("ms", "")) * 1000;
  }

  /** Who looks for the header of a Raspberry Pi, as Pi4J does, opens every chip. */
  @Override
  public List<String> devices(PortUri uri) {
    return devices(uri, Board.here());
  }

  static List<String> devices(PortUri uri, Board board) {
    boolean isLookedFor = !via(uri).equals("chardev") && board.isRaspberryPi();
    return List.of(isLookedFor ? "char-gpiochip" : "/dev/" + uri.place());
  }

  @Override
  public GpioChip openLines(PortUri uri, Ticker ticker) throws TransportException {
    List<String> wrong = check(uri);
    if (!wrong.isEmpty()) {
      throw new TransportException(uri + ": " + wrong.get(0), false);
    }
    try {
      return open(uri, ticker, new Libc(), Board.here());
    } catch (LinkageError e) {
      throw unloaded(uri.toString(), e);
    }
  }

  private static TransportException unloaded(String what, LinkageError e) {
    return new TransportException(
        what
            + ": JNA's native part cannot be loaded ("
            + e.getMessage()
            + "); give Java a folder that may hold programs: -Djna.tmpdir=FOLDER",
        true,
        e);
  }

  @Override
  public List<ChipView> chips() throws TransportException {
    try {
      return ChardevChips.all(new Libc());
    } catch (LinkageError e) {
      throw unloaded("GPIO chips", e);
    }
  }

  static GpioChip open(PortUri uri, Ticker ticker, Kernel kernel, Board board)
      throws TransportException {
    String path = "/dev/" + uri.place();
    String via = via(uri);
    if (via.equals("pi4j")) {
      if (!board.isRaspberryPi() || !Pi4jGpio.knowsBoard()) {
        throw new TransportException(
            uri + ": Pi4J does not know this board ('" + board.model() + "'); use ?via=chardev",
            true);
      }
      String header = header(kernel);
      if (!header.equals(uri.place())) {
        throw new TransportException(
            uri + ": Pi4J drives the header, which is '" + header + "' here; use ?via=chardev",
            true);
      }
      return Pi4jGpio.open(uri.place(), ticker);
    }
    boolean isHeader =
        board.isRaspberryPi()
            && debounceMicros(uri) == 0
            && header(kernel).equals(uri.place())
            && Pi4jGpio.knowsBoard();
    return via.equals("auto") && isHeader
        ? Pi4jGpio.open(uri.place(), ticker)
        : ChardevChip.open(path, kernel, debounceMicros(uri));
  }

  /** The chip Pi4J takes: the first, by name, whose label says that it is the pin controller. */
  private static String header(Kernel kernel) {
    for (int n = 0; n < 10; n++) {
      if (ChardevChips.label("/dev/gpiochip" + n, kernel).contains(PINCTRL)) {
        return "gpiochip" + n;
      }
    }
    return "";
  }

  @Override
  public ByteTransport open(PortUri uri, Ticker ticker) throws TransportException {
    throw new TransportException(uri + " has lines, not bytes", false);
  }
}
