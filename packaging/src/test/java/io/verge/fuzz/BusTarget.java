package io.verge.fuzz;

import io.verge.config.ConfigReader;
import io.verge.config.DeviceConfig;
import io.verge.config.SiteConfig;
import io.verge.driver.Answer;
import io.verge.driver.BusException;
import io.verge.driver.BusScanner;
import io.verge.driver.BusSession;
import io.verge.driver.DriverFactory;
import io.verge.driver.Framer;
import io.verge.driver.Framing;
import io.verge.driver.Order;
import io.verge.driver.Readout;
import io.verge.driver.SerialDriver;
import io.verge.poll.BusSettings;
import io.verge.poll.ScanBus;
import io.verge.runtime.Found;
import io.verge.transport.PortUri;
import io.verge.transport.TransportException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.SortedMap;

/** A driver's dialogue, or a search, over the shipped bus on a {@link HostileWire}. */
final class BusTarget implements Target {
  private static final int POLLS = 2;

  /** A search asks hundreds of addresses. */
  private static final long SEARCH_ALLOWED = 64L << 20;

  /** What is done with the bus. */
  private interface Dialogue {
    void hold(BusSession bus) throws BusException;
  }

  private final String protocol;
  private final Dialogue dialogue;
  private final boolean searches;

  private BusTarget(String protocol, Dialogue dialogue, boolean searches) {
    this.protocol = protocol;
    this.dialogue = dialogue;
    this.searches = searches;
  }

  static void addTo(SortedMap<String, Target> all) {
    poll(all, "modbus", "modbus", "address = 1\nprofile = \"lamp-controller\"");
    poll(all, "modbus-sdm120", "modbus", "address = 1\nprofile = \"sdm120\"");
    poll(all, "mbus", "mbus", "address = 5");
    poll(all, "mbus-secondary", "mbus", "secondary = \"12345678FFFFFFFF\"");
    poll(all, "cjt188", "cjt188", "address = \"any\"\nvalve_control = 4");
    poll(all, "dlt645", "dlt645", "address = \"any\"");
    poll(all, "a02", "a02", "empty_mm = 2000\nfull_mm = 300");
    poll(all, "maxbotix", "maxbotix", "empty_mm = 2000\nfull_mm = 400");
    poll(all, "tfmini", "tfmini", "empty_mm = 2000\nfull_mm = 300");
    poll(all, "pms", "pms", "");
    poll(all, "sds011", "sds011", "");
    poll(all, "at", "at", "");
    for (String master : List.of("sci", "luba", "atx")) {
      poll(
          all,
          "dali-" + master,
          "dali",
          "master = \"" + master + "\"\naddress = 3\nbanks = \"202 205 206\"");
    }
    for (DriverFactory factory : ServiceLoader.load(DriverFactory.class)) {
      BusScanner scanner = factory.scanner();
      if (scanner != null) {
        all.put(
            "scan-" + scanner.protocol(),
            new BusTarget(factory.family(), bus -> scanner.scan(bus, new Listener()), true));
      }
    }
  }

  private static void poll(
      SortedMap<String, Target> all, String name, String family, String settings) {
    DeviceConfig device = device(family, settings);
    all.put("poll-" + name, new BusTarget(family, bus -> poll(device, bus), false));
  }

  /** A driver may learn: each input has a new one. */
  private static void poll(DeviceConfig device, BusSession bus) throws BusException {
    SerialDriver driver = (SerialDriver) device.create(null);
    for (int i = 0; i < POLLS; i++) {
      Readout readout = driver.poll(bus);
      int points = driver.points().size();
      Check.that(readout.values().length == points, "values for " + points + " points");
      byte[] qualities = readout.pointQuality();
      Check.that(qualities == null || qualities.length == points, "qualities of other points");
    }
    for (String operation : driver.operations()) {
      driver.execute(bus, new Order(operation, arguments(operation)));
    }
  }

  private static Map<String, Object> arguments(String operation) {
    return operation.equals("set-valve") ? Map.of("position", "closed") : Map.of("level", 40L);
  }

  private static DeviceConfig device(String family, String settings) {
    try {
      Path file = Files.createTempFile("verge-fuzz", ".toml");
      Files.writeString(
          file,
          "[site]\ngateway = \"g\"\n[[bus]]\nname = \"b\"\nport = \"tcp:127.0.0.1:9\"\n"
              + "[[bus.device]]\nasset = \"a\"\ndriver = \""
              + family
              + "\"\n"
              + settings
              + "\n");
      ConfigReader.Result read = Found.configReader(List.of(), Set.of()).read(file);
      Files.delete(file);
      SiteConfig config = read.config();
      if (config == null) {
        throw new IllegalStateException(family + ": " + read.problems());
      }
      return config.buses().get(0).devices().get(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void read(byte[] input) throws TransportException {
    HostileWire wire = new HostileWire(input, Seals.of(protocol));
    BusSettings settings = new BusSettings("fuzzed", 100, 0, 50, false);
    PortUri uri = new PortUri("hostile", "wire", Map.of());
    try (ScanBus bus = ScanBus.open(settings, uri, wire, wire, (name, nanos, sent, bytes) -> {})) {
      dialogue.hold(new Watched(bus.session()));
    } catch (BusException e) {
      throw new IllegalStateException("this port never goes", e);
    }
  }

  @Override
  public long allowed(int length) {
    return searches ? SEARCH_ALLOWED : Target.super.allowed(length);
  }

  /** A bus whose framers are held to their contract. */
  private record Watched(BusSession bus) implements BusSession {
    @Override
    public Answer transact(byte[] request, Framer framer) throws BusException {
      return bus.transact(request, watched(framer));
    }

    @Override
    public Answer listen(Framer framer, int waitMs) throws BusException {
      return bus.listen(watched(framer), waitMs);
    }

    @Override
    public void send(byte[] frame) throws BusException {
      bus.send(frame);
    }

    @Override
    public int missed() {
      return bus.missed();
    }

    @Override
    public void caughtUp() {
      bus.caughtUp();
    }

    @Override
    public void miss() {
      bus.miss();
    }

    private static Framer watched(Framer framer) {
      return (received, length) -> {
        Framing framing = framer.examine(received, length);
        if (framing.length() < 1
            || framing.state() != Framing.State.NEED_MORE && framing.length() > length) {
          throw new AssertionError(framing + " in " + length + " bytes");
        }
        return framing;
      };
    }
  }

  /** Hears everything, and lets the search go on. */
  private static final class Listener implements BusScanner.Report {
    @Override
    public boolean goesOn() {
      return true;
    }

    @Override
    public void at(String where) {}

    @Override
    public void found(BusScanner.FoundDevice device) {
      Check.that(!device.place().isEmpty(), "found at no place");
    }

    @Override
    public void note(String text) {}
  }
}
