package io.verge.simulator.pty;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.bytes.Hex;
import io.verge.config.ConfigReader;
import io.verge.driver.DriverFactory;
import io.verge.driver.Order;
import io.verge.driver.Readout;
import io.verge.driver.SerialDriver;
import io.verge.model.Outcome;
import io.verge.model.Quality;
import io.verge.model.Sample;
import io.verge.poll.BusSettings;
import io.verge.poll.ScanBus;
import io.verge.simulator.device.DaliGears;
import io.verge.simulator.device.SciWire;
import io.verge.time.SystemTicker;
import io.verge.transport.PortUri;
import io.verge.transport.serial.SerialProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The DALI driver against gear written from the notes, over a real serial port and bus. */
class DaliPathTest {
  @TempDir private Path folder = Path.of("unset");

  @Test
  void gearsAreReadAndSetOverAPort() throws Exception {
    DaliGears.Gear lit = new DaliGears.Gear();
    // Bank 202: 10 000 Wh and 41.5 W.
    lit.bank(202, Hex.parse("0F FF FF 01 0300000000000A FF0000019F").orThrow());
    DaliGears.Gear broken = new DaliGears.Gear();
    broken.fail();
    DaliGears wire = new DaliGears();
    wire.put(0, lit);
    wire.put(63, broken);
    Path port = folder.resolve("dali");
    try (PtyServer server = new PtyServer()) {
      server.add(Pty.open(port), new SciWire(wire), 38_400);
      server.start();
      PortUri uri = PortUri.parse("serial:" + port + "?baud=38400").orThrow();
      BusSettings settings = new BusSettings("dali", 200, 1, 50, false);
      try (ScanBus bus =
          ScanBus.open(
              settings, uri, new SerialProvider(), new SystemTicker(), (n, t, s, b) -> {})) {
        SerialDriver first = driver(uri, 0, "banks = \"202\"");
        Outcome outcome =
            first.execute(bus.session(), new Order("set-level", Map.of("level", 40L)));
        assertThat(outcome.state()).as(outcome.why()).isEqualTo(Outcome.State.DONE);
        assertThat(lit.level()).isEqualTo(220);
        Readout readout = first.poll(bus.session());
        assertThat(readout.quality()).as(readout.why()).isEqualTo(Quality.GOOD);
        assertThat(readout.values()).containsExactly(40, 220, 4, 0, 0, 100_000, 415);
        Readout failing = driver(uri, 63, "").poll(bus.session());
        assertThat(failing.quality()).isEqualTo(Quality.SUSPECT);
        assertThat(failing.values()).containsExactly(Sample.NONE, Sample.NONE, 2, 1, 0);
        assertThat(driver(uri, 7, "").poll(bus.session()).quality()).isEqualTo(Quality.TIMEOUT);
      }
    }
  }

  private SerialDriver driver(PortUri port, int address, String more) throws Exception {
    Path file = folder.resolve("gateway.toml");
    Files.writeString(
        file,
        "[site]\ngateway = \"gw-1\"\n[[bus]]\nname = \"d\"\nport = \""
            + port
            + "\"\n[[bus.device]]\nasset = \"lamp\"\ndriver = \"dali\"\nmaster = \"sci\"\naddress = "
            + address
            + "\n"
            + more
            + "\n");
    List<DriverFactory> factories =
        ServiceLoader.load(DriverFactory.class).stream().map(ServiceLoader.Provider::get).toList();
    ConfigReader.Result read =
        new ConfigReader(factories, List.of(new SerialProvider()), Set.of()).read(file);
    assertThat(read.problems()).isEmpty();
    return (SerialDriver)
        Objects.requireNonNull(read.config()).buses().get(0).devices().get(0).create(null);
  }
}
