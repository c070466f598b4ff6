package io.verge.config;

import io.verge.transport.PortUri;
import io.verge.transport.TransportProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Which devices a gateway must be allowed to open for its ports, in the words of systemd's {@code
 * DeviceAllow=}: a node where the device stays what it is, {@code char-NAME} for all of a class
 * where it may come back under another number (USB), is not there yet, or is looked for among all.
 */
final class PortDevices {
  /** Of pseudo-terminals, which a closed service may open anyway. */
  private static final String PTS = "/dev/pts/";

  private static final Set<String> USB_PORTS = Set.of("char-ttyUSB", "char-ttyACM");

  /** Where nothing tells what kind a port is. */
  private static final Set<String> SERIAL_PORTS =
      Set.of("char-ttyS", "char-ttyAMA", "char-ttyUSB", "char-ttyACM", "char-ttyO");

  /** A bus of the kernel stands in the path of what is plugged into it. */
  private static final Pattern USB_TREE = Pattern.compile("/usb[0-9]");

  private static final String NUMBERED = "/dev/(tty[A-Za-z]+|gpiochip)[0-9]+";

  private final Path root;

  /**
   * @param root what {@code /} is.
   */
  PortDevices(Path root) {
    this.root = root;
  }

  /** In order, each once. */
  List<String> of(SiteConfig site, Collection<TransportProvider> transports) {
    TreeSet<String> found = new TreeSet<>();
    for (SiteConfig.Bus bus : site.buses()) {
      transports.stream()
          .filter(transport -> transport.scheme().equals(bus.port().scheme()))
          .forEach(transport -> found.addAll(of(bus.port(), transport)));
    }
    return List.copyOf(found);
  }

  private Set<String> of(PortUri port, TransportProvider transport) {
    TreeSet<String> found = new TreeSet<>();
    for (String name : transport.devices(port)) {
      found.addAll(name.startsWith("char-") ? Set.of(name) : node(name));
    }
    return found;
  }

  private Set<String> node(String name) {
    try {
      Path at = inside(name).toRealPath();
      String real = "/" + root.toRealPath().relativize(at);
      if (real.startsWith(PTS)) {
        return Set.of();
      }
      return isUsb(at) ? plugged(name, real) : Set.of(real);
    } catch (IOException absent) {
      return absent(name);
    }
  }

  private Path inside(String name) {
    return root.resolve(Path.of("/").relativize(Path.of(name).toAbsolutePath()));
  }

  /** By the device's place in the kernel's tree. */
  private boolean isUsb(Path node) throws IOException {
    long number = ((Number) Files.getAttribute(node, "unix:rdev")).longValue();
    long major = number >> 8 & 0xFFF | number >> 32 & ~0xFFFL;
    long minor = number & 0xFF | number >> 12 & ~0xFFL;
    Path entry = root.resolve("sys/dev/char").resolve(major + ":" + minor);
    return Files.exists(entry, LinkOption.NOFOLLOW_LINKS)
        && USB_TREE.matcher(entry.toRealPath().toString()).find();
  }

  /** An adapter that is exchanged may be of another kind, but where its number was configured. */
  private static Set<String> plugged(String name, String real) {
    TreeSet<String> classes = new TreeSet<>();
    classes.add(kind(real));
    if (!name.matches(NUMBERED)) {
      classes.addAll(USB_PORTS);
    }
    return classes;
  }

  private static Set<String> absent(String name) {
    if (name.matches(NUMBERED)) {
      return Set.of(kind(name));
    }
    if (name.startsWith("/dev/verge/") || name.startsWith("/dev/serial/")) {
      return USB_PORTS;
    }
    // A simulated street's pseudo-terminals have links elsewhere.
    return name.startsWith("/dev/") && !name.startsWith(PTS) ? SERIAL_PORTS : Set.of();
  }

  private static String kind(String node) {
    return "char-" + node.substring(node.lastIndexOf('/') + 1).replaceAll("[0-9]+$", "");
  }
}
